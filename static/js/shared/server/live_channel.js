import { awaited } from "../../frame/calm.js";
import { language } from "../../frame/i18n.js";
import { safetensors, safetensorsBytes } from "../safetensors.js";
import { ApiError } from "./api.js";

/**
 * @typedef {import("../safetensors.js").SafetensorsFile} SafetensorsFile
 * @typedef {Record<string, {shape: number[], data: Float32Array | Uint8Array}>} Tensors
 * @typedef {{stream: string, overHttp: () => Promise<SafetensorsFile>, resolve: (answer: SafetensorsFile | Promise<SafetensorsFile>) => void, reject: (error: Error) => void}} Pending
 */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const SILENCE = 8_000;
const MOST_UNSENT = 500_000;
const BUSY = 503;

/** The page's one connection; see app/live/channel.py for what goes over it. */
class LiveChannel {
  constructor() {
    /** @type {WebSocket | null} */ this.socket = null;
    /** @type {Map<number, Pending>} by id, the oldest first */ this.pending = new Map();
    this.id = 0;
    this.pause = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.silence = undefined;
  }

  /** Whether an ask can go out at once. */
  get open() {
    return this.socket?.readyState === WebSocket.OPEN && this.socket.bufferedAmount < MOST_UNSENT;
  }

  connect() {
    if (this.socket) return;
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/live?language=${language}`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.onAnswer(safetensors(data)));
    socket.addEventListener("close", () => this.onClose(socket));
    this.socket = socket;
  }

  /**
   * @param {{ask: string, stream?: string, [fact: string]: unknown}} facts
   * @param {Tensors} tensors
   * @param {Pending["overHttp"]} overHttp
   * @returns {Promise<SafetensorsFile>}
   */
  ask(facts, tensors, overHttp) {
    if (!this.open) {
      if (!this.pause) this.connect();
      return overHttp();
    }
    const id = ++this.id;
    const { stream = `${id}` } = facts;
    this.socket?.send(safetensorsBytes(tensors, { ...facts, id, stream }));
    if (!this.pending.size) this.listen(true);
    return new Promise((resolve, reject) => this.pending.set(id, { stream, overHttp, resolve, reject }));
  }

  /** @param {SafetensorsFile} answer */
  onAnswer(answer) {
    const { id, error } = answer.facts;
    this.pause = 0;
    this.listen(false);
    const asked = this.pending.get(id);
    if (!asked) return;
    for (const [other, { stream, reject }] of this.pending)
      if (other < id && stream === asked.stream) this.take(other, () => reject(overtaken()));
    this.take(id, () => {
      if (!error) asked.resolve(answer);
      else if (error.status === BUSY)
        asked.resolve(asked.overHttp()); // which waits as long as the server asks for
      else asked.reject(new ApiError(error.code, error.message, error.status));
    });
    this.listen(this.pending.size > 0);
  }

  /** @param {number} id @param {() => void} settle */
  take(id, settle) {
    this.pending.delete(id);
    settle();
  }

  /** What was asked and not answered goes over HTTP, the newest of each stream; then the channel is opened again. @param {WebSocket} socket */
  onClose(socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    this.listen(false);
    socket.close();
    const newest = new Map([...this.pending].map(([id, { stream }]) => [stream, id]));
    for (const [id, { stream, overHttp, resolve, reject }] of [...this.pending]) {
      this.take(id, () => (newest.get(stream) === id ? resolve(overHttp()) : reject(overtaken())));
    }
    this.pause = Math.min(2 * this.pause || FIRST_PAUSE, LONGEST_PAUSE);
    setTimeout(() => this.connect(), this.pause * (0.5 + Math.random() / 2));
  }

  /** Gives the server some seconds to say something, or stops to wait. @param {boolean} wait */
  listen(wait) {
    clearTimeout(this.silence);
    this.silence = wait ? setTimeout(() => this.socket && this.onClose(this.socket), SILENCE) : undefined;
  }
}

/** Nobody wants this answer any more: a newer one is on its way. */
function overtaken() {
  return new DOMException("a newer ask of the stream has overtaken this one", "AbortError");
}

const channel = new LiveChannel();

/**
 * Asks over the page's live channel, or over HTTP while there is none or it is choked. An ask that a newer one of its
 * `stream` overtakes is rejected with an AbortError; one without a stream is not overtaken.
 *
 * @param {{ask: string, stream?: string, [fact: string]: unknown}} facts what is asked, see app/live/asks.py
 * @param {Tensors} tensors
 * @param {() => Promise<SafetensorsFile>} overHttp the same over HTTP
 * @returns {Promise<SafetensorsFile>}
 */
export function askLive(facts, tensors, overHttp) {
  return awaited(channel.ask(facts, tensors, overHttp));
}
