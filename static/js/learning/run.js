import { remember, remembered } from "../frame/storage.js";
import { beginRun, endRun, fetchFrame, fetchRun, tellRun } from "./server.js";

/**
 * @typedef {import("./server.js").RunState} RunState
 * @typedef {import("./server.js").Settings} Settings
 * @typedef {import("./server.js").Point} Point
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const PAUSE = 1500;
/** Milliseconds that a hand which drags is waited for. */
const CALM = 40;
/** An ask that is waited for does not hold up the next watch: each has a stream of its own. */
const STREAMS = 6;
const key = (/** @type {string} */ id) => `run ${id}`;

/**
 * A run on the server as one page watches it. It is asked for what is new again and again, as long as it is watched; what
 * was missed while nothing answered comes with the next answer.
 *
 * @fires news - something is new
 */
export class WatchedRun extends EventTarget {
  constructor() {
    super();
    /** @type {RunState | null} */ this.state = null;
    /** @type {Point[]} */ this.points = [];
    /** @type {Record<string, Tensor>} */ this.tensors = {};
    /** @type {Float32Array<ArrayBuffer> | null} */ this.digit = null;
    /** A step that is looked back at; null for now. @type {number | null} */ this.at = null;
    /** Why it cannot be watched. */ this.fault = "";
    /** Counts watches: an older one ends. */ this.watch = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.soon = undefined;
  }

  get id() {
    return this.state?.id ?? "";
  }

  /** What lets this browser change it. */
  get key() {
    return this.id ? (remembered(key(this.id)) ?? "") : "";
  }

  get own() {
    return this.key !== "";
  }

  /** A new one. @param {Partial<Settings>} settings */
  async begin(settings) {
    const begun = await beginRun(settings);
    remember(key(begun.id), begun.key);
    this.follow(begun);
  }

  /** One that somebody began. @param {string} id */
  async open(id) {
    this.follow(await fetchRun(id));
  }

  /** @param {RunState} state */
  follow(state) {
    Object.assign(this, { state, points: [], tensors: {}, at: null, fault: "" });
    this.news();
    this.loop(++this.watch);
  }

  /** @param {number} watch */
  async loop(watch) {
    let version = -1;
    while (watch === this.watch && this.state) {
      if (document.hidden) {
        await rest(PAUSE);
        continue;
      }
      const { id, at, digit } = this;
      const looked = { version, have: this.points.length, wants: ["kernels", "maps"] };
      const stream = `run ${watch % STREAMS}`;
      try {
        const { tensors, facts } = await fetchFrame(id, at === null ? looked : { ...looked, at }, digit, stream);
        if (watch !== this.watch) return;
        version = facts.version;
        this.state = /** @type {RunState} */ ({ ...facts, id });
        this.points = [...this.points.slice(0, looked.have), ...facts.points];
        this.tensors = tensors;
        this.news();
      } catch (error) {
        if (/** @type {any} */ (error).code === "unknown_run") {
          this.stop(/** @type {Error} */ (error).message);
          return;
        }
        await rest(PAUSE);
      }
    }
  }

  /** @param {string} fault */
  stop(fault) {
    this.watch++;
    this.state = null;
    this.fault = fault;
    this.news();
  }

  news() {
    this.dispatchEvent(new Event("news"));
  }

  /** Shows another digit, or another step. @param {{digit?: Float32Array<ArrayBuffer> | null, at?: number | null}} shown */
  show(shown) {
    Object.assign(this, shown);
    clearTimeout(this.soon);
    if (this.state) this.soon = setTimeout(() => this.loop(++this.watch), CALM);
  }

  /** @param {{until?: number, pause?: boolean, settings?: Partial<Settings>}} told */
  async tell(told) {
    if (!this.id || !this.own) return;
    const { settings, playing } = await tellRun(this.id, { key: this.key, ...told });
    if (this.state) this.state = { ...this.state, settings, playing };
    this.news();
  }

  async end() {
    const { id } = this;
    if (id && this.own) await endRun(id, this.key).catch(() => {});
    this.stop("");
  }
}

/** @param {number} milliseconds */
const rest = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
