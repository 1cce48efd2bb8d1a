import { safetensors } from "../lib/safetensors.js";
import { language, t } from "./i18n.js";

const SAFETENSORS = "application/vnd.safetensors";
const PATIENCE = 8;

/** An answer that is an error: its stable code, a sentence in the page's language, the HTTP status. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status 0 where no server answered
   */
  constructor(code, message, status) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/**
 * Tensors and facts from the server. While it is busy (503) the call is made again after as long as it asks for.
 *
 * @param {string} path
 * @param {RequestInit & {json?: unknown}} [options] `json` is sent as the body by POST
 * @returns {Promise<import("../lib/safetensors.js").SafetensorsFile>}
 */
export async function fetchTensors(path, options = {}) {
  const response = await call(path, SAFETENSORS, options);
  return safetensors(await response.arrayBuffer());
}

/**
 * JSON from the server.
 *
 * @param {string} path
 * @param {RequestInit & {json?: unknown}} [options]
 * @returns {Promise<any>}
 */
export async function fetchJson(path, options = {}) {
  return (await call(path, "application/json", options)).json();
}

/**
 * A file from the server.
 *
 * @param {string} path
 * @param {string} accept its media type
 * @param {RequestInit & {json?: unknown}} [options]
 * @returns {Promise<Blob>}
 */
export async function fetchBlob(path, accept, options = {}) {
  return (await call(path, accept, options)).blob();
}

/**
 * @param {string} path
 * @param {string} accept
 * @param {RequestInit & {json?: unknown}} options
 * @returns {Promise<Response>}
 */
async function call(path, accept, { json, ...options }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept, "Accept-Language": language, .../** @type {Record<string, string>} */ (options.headers) };
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    options = { method: "POST", body: JSON.stringify(json), ...options };
  }
  for (let attempt = 1; ; attempt++) {
    const response = await reach(path, { ...options, headers });
    if (response.ok) return settle("ready", response);
    if (response.status !== 503 || attempt === PATIENCE) throw await errorOf(response);
    announce("busy");
    await new Promise((resume) => setTimeout(resume, 1000 * Number(response.headers.get("Retry-After") ?? 1)));
  }
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    announce("offline");
    throw new ApiError("offline", t("The server does not answer. Is it still running?"), 0);
  }
}

/** @param {Response} response */
async function errorOf(response) {
  const body = await response.json().catch(() => null);
  const { code = "internal", message = t("The server could not answer ({status}).", { status: response.status }) } = body?.error ?? {};
  return new ApiError(code, message, response.status);
}

/**
 * @template T
 * @param {"ready" | "busy" | "offline"} state
 * @param {T} value
 */
function settle(state, value) {
  announce(state);
  return value;
}

/** Tells the frame how the server is. @param {"ready" | "busy" | "offline"} state */
function announce(state) {
  dispatchEvent(new CustomEvent("connection", { detail: state }));
}
