import { html, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { askWeights } from "./server.js";

const AGAIN_AFTER = 700;

/** @typedef {import("./server.js").WeightsState} WeightsState */

/**
 * A network whose weights are not here yet: fetch them, see how far that is, or put them by hand. Rendered in the page.
 *
 * @fires ready - the weights are here
 */
export class LenteFeatureWeights extends LenteElement {
  static properties = {
    network: { type: String },
    heading: { type: String },
    told: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.network = "";
    this.heading = "";
    /** @type {WeightsState | null} */ this.told = null;
    this.fault = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("network")) this.ask("GET");
  }

  /** @param {"GET" | "POST" | "DELETE"} method */
  async ask(method) {
    clearTimeout(this.timer);
    const { network } = this;
    try {
      const told = await askWeights(network, method);
      if (network !== this.network) return;
      this.told = told;
      this.fault = "";
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
      return;
    }
    if (this.told?.state === "present") this.emit("ready");
    else if (this.isConnected && this.busy) this.timer = setTimeout(() => this.ask("GET"), AGAIN_AFTER);
  }

  get busy() {
    return this.told?.state === "fetching" || this.told?.state === "checking";
  }

  render() {
    const { told } = this;
    if (!told) return notice(this.fault);
    const [megabytes, done] = [told.total, told.bytes].map((bytes) => formatNumber(bytes / 1e6, 1));
    const title = t("The weights of {name} are not on this machine yet", { name: this.heading });
    const words = t(
      "It has learnt a thousand classes from more than a million photographs; its file holds {megabytes} MB.",
      { megabytes },
    );
    const hand = t("Without internet: put the file {file} into the folder {folder}, then look again.", {
      file: told.file,
      folder: told.folder,
    });
    return html`<div class="weights-panel" data-state=${told.state}>
      <h2>${title}</h2>
      <p>${words}</p>
      ${this.busy ? this.progress(done, megabytes) : html`<div class="row"><button type="button" class="primary" data-do="fetch" @click=${() => this.ask("POST")}>${t("Fetch the weights")}</button><button type="button" data-do="look" @click=${() => this.ask("GET")}>${t("Look again")}</button></div>`}
      ${told.error ? notice(told.error.message) : html`<p class="small">${hand}</p>`} ${notice(this.fault)}
    </div>`;
  }

  /** @param {string} done @param {string} megabytes */
  progress(done, megabytes) {
    const { bytes, total, state } = /** @type {WeightsState} */ (this.told);
    const words = state === "checking" ? t("Checking the file…") : t("{done} of {megabytes} MB", { done, megabytes });
    return html`<div class="weights-track"><i style=${styleMap({ width: `${(100 * bytes) / total}%` })}></i></div>
      <div class="row">
        <output>${words}</output><button type="button" @click=${() => this.ask("DELETE")}>${t("Stop")}</button>
      </div>`;
  }
}

customElements.define("lente-feature-weights", LenteFeatureWeights);
