/** @typedef {(signal: AbortSignal, formed: () => void) => Promise<void>} Work calls `formed` whenever there is something new to be seen */

/**
 * Pictures that form while they are looked at, for the element that shows them: the newest wish wins. One is at work at a
 * time; what a newer one overtakes ends, here and on the server, once the first of it was seen, so that a hand that goes on
 * moving sees something all the while. When the element leaves the page the work ends.
 */
export class Forming {
  /** @param {import("vendor/lit").ReactiveControllerHost} host */
  constructor(host) {
    this.host = host;
    this.busy = false;
    this.fault = "";
    /** @type {Work | null} */ this.waiting = null;
    /** Whether something of the work under way was seen. */ this.seen = false;
    this.stopper = new AbortController();
    host.addController(this);
  }

  hostDisconnected() {
    this.waiting = null;
    this.stopper.abort();
  }

  /** @param {Work} work */
  ask(work) {
    this.waiting = work;
    if (!this.busy) this.run();
    else if (this.seen) this.stopper.abort();
  }

  async run() {
    this.busy = true;
    while (this.waiting) {
      const work = this.waiting;
      this.waiting = null;
      await this.finish(work);
    }
    this.busy = false;
    this.host.requestUpdate();
  }

  /** @param {Work} work */
  async finish(work) {
    const { signal } = (this.stopper = new AbortController());
    this.seen = false;
    try {
      await work(signal, () => this.formed(signal));
      if (!signal.aborted) this.fault = "";
    } catch (error) {
      if (!signal.aborted) this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {AbortSignal} signal */
  formed(signal) {
    if (signal.aborted) return;
    this.seen = true;
    this.fault = "";
    this.host.requestUpdate();
    if (this.waiting) this.stopper.abort();
  }
}
