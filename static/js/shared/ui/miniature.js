import { LenteElement, notice } from "../../frame/element.js";

/** An exhibit in small, for the home page: what it needs is loaded once, and what went wrong with that stands in its place. */
export class Miniature extends LenteElement {
  static properties = { fault: { state: true } };

  constructor() {
    super();
    /** Why there is nothing to see. */ this.fault = "";
    /** Resolves once what is shown has come, or will not come. @type {Promise<void>} */
    this.loaded = new Promise((resolve) => (this.tellLoaded = resolve));
  }

  async firstUpdated() {
    try {
      await this.load();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
    this.tellLoaded?.();
  }

  /** Fetches what is shown. */
  async load() {}

  render() {
    return this.fault ? notice(this.fault) : this.exhibit();
  }

  /** @returns {unknown} what is shown */
  exhibit() {
    return "";
  }
}
