import { LitElement, html, nothing } from "vendor/lit";
import { formatNumber } from "../lib/format_number.js";
import { newest } from "../lib/newest.js";
import { strongestSlices } from "../lib/strongest_slices.js";
import { valueRange } from "../lib/value_range.js";
import { fetchKernels } from "../services/features.js";
import { t } from "../services/i18n.js";
import "./lente-legend.js";
import "./lente-map.js";

const MOST = 12;
const COLOURS = ["R", "G", "B"];

/** The kernel that makes a map: one slice for each map that it reads, all on one scale. Rendered in the page. */
export class LenteFeatureKernels extends LitElement {
  static properties = { network: { type: String }, layer: { type: String }, channel: { type: Number }, fromPicture: { type: Boolean }, weight: { state: true }, fault: { state: true } };

  constructor() {
    super();
    this.network = "";
    /** Name of the layer that has the weights. */ this.layer = "";
    this.channel = 0;
    /** Whether it reads the picture itself: its slices are red, green and blue then. */ this.fromPicture = false;
    /** @type {import("../lib/safetensors.js").Tensor | null} */ this.weight = null;
    this.fault = "";
    this.load = newest((/** @type {string} */ network, /** @type {string} */ layer) => fetchKernels(network, layer), ({ tensors }, network, layer) => {
      if (network !== this.network || layer !== this.layer) return;
      this.weight = tensors.weight;
      this.fault = "";
    }, (error) => (this.fault = error.message));
  }

  createRenderRoot() {
    return this;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("layer") && !changed.has("network")) return;
    this.weight = null;
    if (this.layer && this.network) this.load(this.network, this.layer);
  }

  render() {
    if (this.fault) return html`<p class="notice" data-kind="bad" role="alert">${this.fault}</p>`;
    if (!this.layer) return html`<p>${t("This layer has nothing learnt of its own to draw. Choose a convolution to see its kernels.")}</p>`;
    if (!this.weight || this.channel >= this.weight.shape[0]) return nothing;
    const [, inputs, height = 1, width = 1] = this.weight.shape;
    const slices = strongestSlices(this.weight, this.channel, MOST);
    const range = valueRange(slices.flatMap(({ tensor }) => Array.from(tensor.data)));
    const both = { low: -Math.max(range.high, -range.low), high: Math.max(range.high, -range.low) };
    const words = t("Map {map} of {layer} is made with {inputs} slices of {height} × {width} weights, one for each map that it reads.", { map: this.channel, layer: this.layer, inputs, height, width });
    const chosen = inputs > slices.length ? t("Here are the {count} with the largest norm.", { count: slices.length }) : "";
    return html`<p>${words} ${chosen}</p><div class="kernel-slices" data-slices=${slices.length}>${slices.map((slice) => this.slice(slice, both))}</div>
      <lente-legend .low=${both.low} .high=${both.high} map="diverging"></lente-legend>`;
  }

  /** @param {import("../lib/strongest_slices.js").Slice} slice @param {{low: number, high: number}} range */
  slice({ input, norm, tensor }, range) {
    const name = this.fromPicture ? COLOURS[input] ?? input : t("from map {map}", { map: input });
    return html`<figure><lente-map class="kernel-slice" .tensor=${tensor} .range=${range} map="diverging" still label=${name}></lente-map><figcaption>${name} <output aria-live="off">${formatNumber(norm, 2)}</output></figcaption></figure>`;
  }
}

customElements.define("lente-feature-kernels", LenteFeatureKernels);
