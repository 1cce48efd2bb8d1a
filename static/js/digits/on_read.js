/** @typedef {import("./session.js").DigitSession} DigitSession */

/** Listens to the session of its element, and calls `then` each time that a picture has been read; renders it otherwise. */
export class OnRead {
  /**
   * @param {import("vendor/lit").LitElement & {session: DigitSession | null}} host
   * @param {() => void} [then]
   */
  constructor(host, then = () => host.requestUpdate()) {
    this.host = host;
    this.then = then;
    /** @type {DigitSession | null} */ this.session = null;
    host.addController(this);
  }

  hostConnected() {
    this.listen(this.host.session);
  }

  hostUpdate() {
    this.listen(this.host.session);
  }

  hostDisconnected() {
    this.listen(null);
  }

  /** @param {DigitSession | null} session */
  listen(session) {
    if (session === this.session) return;
    this.session?.removeEventListener("read", this.then);
    session?.addEventListener("read", this.then);
    this.session = session;
  }
}
