import { LitElement, html, nothing } from "vendor/lit";
import { formatNumber } from "../lib/format_number.js";
import { subTensor } from "../lib/sub_tensor.js";
import { valueRange } from "../lib/value_range.js";
import { fetchTensors } from "../services/api.js";
import { address } from "../services/features.js";
import { N_, t } from "../services/i18n.js";
import { whenNear } from "../services/when_near.js";
import "./lente-legend.js";
import "./lente-map.js";

/** @typedef {"grad_cam" | "saliency" | "integrated_gradients" | "occlusion"} Method */

const METHODS = /** @type {const} */ ([
  ["grad_cam", N_("Grad-CAM"), N_("The last maps, each weighed with how much the class gains from it, added up. Coarse: one square for each of their units.")],
  ["saliency", N_("Saliency"), N_("How much the class's score changes when a pixel changes a little: the size of the gradient.")],
  ["integrated_gradients", N_("Integrated gradients"), N_("The gradient added up on the way from black to the picture: the parts make the difference in score.")],
  ["occlusion", N_("Occlusion"), N_("A black square slides over the picture: how much score is lost where it lies.")],
]);

/**
 * Which part of the picture speaks for the class. Rendered in the page.
 *
 * @fires method - the method that was chosen
 */
export class LenteFeatureWhy extends LitElement {
  static properties = { view: { attribute: false }, pixels: { attribute: false }, classes: { attribute: false }, method: { type: String }, random: { state: true }, made: { state: true }, busy: { state: true }, fault: { state: true } };

  constructor() {
    super();
    /** @type {import("../services/features.js").View | null} */ this.view = null;
    /** @type {import("../lib/safetensors.js").Tensor | null} */ this.pixels = null;
    /** @type {import("../services/features.js").ClassShare[]} */ this.classes = [];
    /** @type {Method} */ this.method = "grad_cam";
    this.random = false;
    /** @type {import("../lib/safetensors.js").SafetensorsFile | null} */ this.made = null;
    this.busy = false;
    this.fault = "";
    this.key = "";
    this.stop = new AbortController();
  }

  createRenderRoot() {
    return this;
  }

  updated() {
    if (!this.view || !this.pixels) return;
    const path = address(this.view, "attribution", { method: this.method, ...(this.random ? { randomise: "true" } : {}) });
    if (path !== this.key) this.load((this.key = path));
  }

  /** @param {string} path */
  async load(path) {
    this.stop.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.busy = true;
    try {
      await whenNear(this);
      if (path !== this.key) return;
      this.made = await fetchTensors(path, { signal });
      this.fault = "";
    } catch (error) {
      if (signal.aborted) return;
      this.fault = /** @type {Error} */ (error).message;
    }
    if (path === this.key) this.busy = false;
  }

  render() {
    const found = METHODS.find(([name]) => name === this.method) ?? METHODS[0];
    const tensor = this.made?.tensors.attribution ?? null;
    const { low, high } = tensor ? valueRange(tensor.data) : { low: 0, high: 1 };
    const grey = this.pixels?.shape[0] === 1;
    const picture = this.pixels && grey ? subTensor(this.pixels, [0]) : this.pixels;
    return html`<div class="segments" role="group" aria-label=${t("Method")}>${METHODS.map(([name, title]) => html`<button type="button" data-method=${name} aria-pressed=${name === this.method} @click=${() => this.choose(name)}>${t(title)}</button>`)}</div>
      <div class="why-beside"><div class="photo why-photo" aria-busy=${this.busy}><lente-map .tensor=${picture} map=${grey ? "grey" : "auto"} still label=${t("What the network sees of the picture")}></lente-map>
        ${tensor ? html`<lente-map class="why-map" .tensor=${tensor} .range=${{ low, high }} still label=${t(found[1])}></lente-map>` : nothing}</div>
      <div class="stack"><p>${t(found[2])}</p><p class="why-says">${this.busy ? t("Working…") : this.says()}</p>
        ${this.fault ? html`<p class="notice" data-kind="bad" role="alert">${this.fault}</p>` : nothing}
        <div class="why-legend">${tensor ? html`<lente-legend .low=${low} .high=${high}></lente-legend>` : nothing}</div>
        <label><input type="checkbox" data-field="random" .checked=${this.random} @change=${() => (this.random = !this.random)}>${t("Random weights, as a check: the map should change")}</label></div></div>`;
  }

  says() {
    if (!this.made) return "";
    const { facts } = this.made;
    const name = this.classes.find(({ index }) => index === facts.class)?.name ?? String(facts.class);
    const score = t("For {name}, whose score is {logit}.", { name, logit: formatNumber(facts.logit, 3) });
    if (facts.convergence_delta === undefined) return score;
    const parts = t("The parts add up to {sum}; the score less that of the black picture is {wanted}.", { sum: formatNumber(facts.sum, 3), wanted: formatNumber(facts.logit - facts.baseline_logit, 3) });
    return `${score} ${parts}`;
  }

  /** @param {Method} method */
  choose(method) {
    this.method = method;
    this.dispatchEvent(new CustomEvent("method", { detail: method, bubbles: true }));
  }
}

customElements.define("lente-feature-why", LenteFeatureWhy);
