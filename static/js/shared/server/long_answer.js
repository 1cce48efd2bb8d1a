/**
 * @template T
 * @typedef {(onStep: (step: import("./steps.js").Step) => void, signal: AbortSignal) => Promise<T>} Work
 */

/**
 * An answer that takes a while, for the element that shows it: how far it is, what came of it, and how to stop it. The
 * newest question wins; when the element leaves the page its work ends.
 *
 * @template T
 * @template [A=undefined]
 */
export class LongAnswer {
  /** @param {import("vendor/lit").LitElement} host which is rendered in the page, and marks with `data-result` where the result is read */
  constructor(host) {
    this.host = host;
    /** What was asked, so that it is not asked twice. */ this.key = "";
    /** @type {"idle" | "busy" | "done" | "stopped" | "failed"} */ this.state = "idle";
    /** @type {import("./steps.js").Step} */ this.step = { done: 0, total: 0 };
    /** The latest result; it stays while the next one is made. @type {T | null} */ this.result = null;
    /** What the latest result is about, for the words beside it. @type {A | null} */ this.about = null;
    this.fault = "";
    this.stopper = new AbortController();
    /** What has the focus, before the host is painted again. @type {Element | null} */ this.held = null;
    host.addController(this);
  }

  hostUpdate() {
    const { activeElement } = /** @type {Document | ShadowRoot} */ (this.host.getRootNode());
    this.held = this.host.contains(activeElement) ? activeElement : null;
  }

  /** A button that went away with its state leaves the focus to the next one, or to the result. */
  hostUpdated() {
    if (!this.held || this.held.isConnected) return;
    /** @type {HTMLElement | null} */ (
      this.host.querySelector(".long [data-do]") ?? this.host.querySelector("[data-result]")
    )?.focus({ preventScroll: true });
  }

  hostDisconnected() {
    if (this.state === "busy") this.stop();
  }

  /** @param {string} key what is asked @param {Work<T>} work @param {A | null} about what it is asked about */
  async ask(key, work, about = null) {
    this.stopper.abort();
    const { signal } = (this.stopper = new AbortController());
    this.key = key;
    this.tell({ state: "busy", step: { done: 0, total: 0 }, fault: "" });
    try {
      const result = await work((step) => signal.aborted || this.tell({ step }), signal);
      if (!signal.aborted) this.tell({ state: "done", result, about });
    } catch (error) {
      if (!signal.aborted) this.tell({ state: "failed", fault: /** @type {Error} */ (error).message });
    }
  }

  /** Ends the work, here and on the server. */
  stop() {
    this.stopper.abort();
    if (this.state === "busy") this.tell({ state: "stopped" });
  }

  /** Forgets what was asked and answered. */
  clear() {
    this.stopper.abort();
    this.key = "";
    this.tell({ state: "idle", result: null, about: null, fault: "" });
  }

  /** @param {Partial<Pick<LongAnswer<T, A>, "state" | "step" | "result" | "about" | "fault">>} change */
  tell(change) {
    Object.assign(this, change);
    this.host.requestUpdate();
  }
}
