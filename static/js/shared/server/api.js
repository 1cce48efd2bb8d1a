import { awaited } from "../../frame/calm.js";
import { polish } from "../../frame/decimal.js";
import { tellWindow } from "../../frame/events.js";
import { language, t } from "../../frame/i18n.js";
import { safetensors } from "../safetensors.js";
import { keptPicture } from "./kept_pictures.js";

const SAFETENSORS = "application/vnd.safetensors";
const NDJSON = "application/x-ndjson";
const PATIENCE = 8;
const BUSY = [429, 503];
const PICTURE_ID = /\b[0-9a-f]{64}\b/g;

/** An answer that is an error: its stable code, a sentence in the page's language, the HTTP status. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status 0 where no server answered
   */
  constructor(code, message, status) {
    super(polish(message));
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/**
 * Tensors and facts from the server. While it is busy (503, 429) the call is made again after as long as it asks
 * for; pictures that it has forgotten are uploaded again.
 *
 * @param {string} path
 * @param {RequestInit & {json?: unknown}} [options] `json` is sent as the body by POST
 * @returns {Promise<import("../safetensors.js").SafetensorsFile>}
 */
export function fetchTensors(path, options = {}) {
  const read = async (/** @type {Response} */ response) => safetensors(await response.arrayBuffer());
  return awaited(call(path, SAFETENSORS, options).then(read));
}

/**
 * JSON from the server.
 *
 * @param {string} path
 * @param {RequestInit & {json?: unknown}} [options]
 * @returns {Promise<any>}
 */
export function fetchJson(path, options = {}) {
  return awaited(call(path, "application/json", options).then((response) => response.json()));
}

/**
 * A file from the server.
 *
 * @param {string} path
 * @param {string} accept its media type
 * @param {RequestInit & {json?: unknown}} [options]
 * @returns {Promise<Blob>}
 */
export function fetchBlob(path, accept, options = {}) {
  return awaited(call(path, accept, options).then((response) => response.blob()));
}

/**
 * Lines of JSON from the server, each as it comes.
 *
 * @param {string} path
 * @param {RequestInit & {json?: unknown}} [options] aborting its signal ends the server's work
 * @returns {AsyncGenerator<any>}
 */
export async function* fetchLines(path, options = {}) {
  const response = await call(path, NDJSON, options);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

/**
 * @param {string} path
 * @param {string} accept
 * @param {RequestInit & {json?: unknown}} options
 * @returns {Promise<Response>}
 */
async function call(path, accept, { json, ...options }) {
  /** @type {Record<string, string>} */
  const headers = {
    Accept: accept,
    "Accept-Language": language,
    .../** @type {Record<string, string>} */ (options.headers),
  };
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    options = { method: "POST", body: JSON.stringify(json), ...options };
  }
  for (let attempt = 1; ; attempt++) {
    const response = await reach(path, { ...options, headers });
    if (response.ok) return settle("ready", response);
    const busy = BUSY.includes(response.status);
    if (attempt === PATIENCE || !busy) {
      announce("ready");
      const error = await errorOf(response);
      if (attempt === 1 && error.code === "unknown_image" && (await uploadAgain(path, options.body))) continue;
      throw error;
    }
    await pause(Number(response.headers.get("Retry-After")) || 1);
  }
}

/**
 * Gives the server again the pictures of a request that it has forgotten, from what this browser kept.
 *
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<boolean>} whether there was one to give
 */
async function uploadAgain(path, body) {
  const ids = new Set(`${path} ${typeof body === "string" ? body : ""}`.match(PICTURE_ID) ?? []);
  const files = (await Promise.all([...ids].map(keptPicture))).filter((file) => file !== undefined);
  for (const file of files) {
    const form = new FormData();
    form.append("file", file);
    await reach("/api/images", { method: "POST", body: form });
  }
  return files.length > 0;
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  tellWindow("underway", 1);
  try {
    return await (takeEarly(path, options) ?? fetch(path, options));
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    announce("offline");
    throw new ApiError("offline", t("The server does not answer. Is it still running?"), 0);
  } finally {
    tellWindow("underway", -1);
  }
}

/**
 * The answer to what the page's own head has asked for (app/pages/early.py): whoever asks the same first is given it.
 *
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Response> | undefined}
 */
function takeEarly(path, { method = "GET", signal, headers }) {
  /** @type {Map<string, Promise<Response>> | undefined} */
  const early = /** @type {any} */ (globalThis).early;
  if (!early || method !== "GET" || signal) return undefined;
  const asked = `${/** @type {Record<string, string>} */ (headers)?.Accept} ${path}`;
  const answer = early.get(asked);
  early.delete(asked);
  return answer;
}

/** @param {Response} response */
async function errorOf(response) {
  const body = await response.json().catch(() => null);
  const { code = "internal", message = t("The server could not answer ({status}).", { status: response.status }) } =
    body?.error ?? {};
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

let pauses = 0;

/** Waits a little longer than asked for, so that a whole class does not come back at once. @param {number} seconds */
async function pause(seconds) {
  pauses++;
  announce("busy");
  await new Promise((resume) => setTimeout(resume, 1000 * seconds * (1 + Math.random() / 4)));
  pauses--;
}

/** Tells the frame how the server is: busy as long as any call is waiting. @param {"ready" | "busy" | "offline"} state */
function announce(state) {
  tellWindow("connection", state === "ready" && pauses ? "busy" : state);
}
