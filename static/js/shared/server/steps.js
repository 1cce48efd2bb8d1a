import { t } from "../../frame/i18n.js";
import { ApiError, fetchLines } from "./api.js";

/** @typedef {{done: number, total: number, seen?: Record<string, any>}} Step `seen` is what can be shown already */

/**
 * The result of work that takes a while on the server.
 *
 * @param {string} path
 * @param {(step: Step) => void} onStep told how far it is
 * @param {AbortSignal} signal aborting it ends the server's work
 * @param {RequestInit & {json?: unknown}} [options] of the request
 * @returns {Promise<any>}
 */
export async function fetchSteps(path, onStep, signal, options = {}) {
  try {
    for await (const line of fetchLines(path, { ...options, signal })) {
      if (line.error) throw new ApiError(line.error.code, line.error.message, 0);
      if (line.result) return line.result;
      onStep(line);
    }
  } catch (error) {
    if (error instanceof ApiError || signal.aborted) throw error;
  }
  throw new ApiError("offline", t("The server does not answer. Is it still running?"), 0);
}
