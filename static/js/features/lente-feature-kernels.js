import { html, nothing } from "vendor/lit";
import { calm } from "../frame/calm.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchKernels } from "./server.js";
import { strongestSlices } from "./terms.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-signed-bars.js";

const MOST = 12;
const COLOURS = ["R", "G", "B"];

/** The kernel that makes a map: one slice for each map that it reads, all on one scale. Rendered in the page. */
export class LenteFeatureKernels extends LenteElement {
  static properties = {
    network: { type: String },
    layer: { type: String },
    channel: { type: Number },
    fromPicture: { type: Boolean },
    weight: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.network = "";
    /** Name of the layer that has the weights. */ this.layer = "";
    this.channel = 0;
    /** Whether it reads the picture itself: its slices are red, green and blue then. */ this.fromPicture = false;
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.weight = null;
    /** Into how many groups its maps are parted. */ this.groups = 1;
    this.fault = "";
    this.load = newest(
      (/** @type {string} */ network, /** @type {string} */ layer) => calm().then(() => fetchKernels(network, layer)),
      ({ tensors, facts }, network, layer) => {
        if (network !== this.network || layer !== this.layer) return;
        this.weight = tensors.weight;
        this.groups = facts.groups ?? 1;
        this.fault = "";
      },
      (error) => (this.fault = error.message),
    );
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("layer") && !changed.has("network")) return;
    this.weight = null;
    if (this.layer && this.network) this.load(this.network, this.layer);
  }

  render() {
    if (this.fault) return notice(this.fault);
    if (!this.layer)
      return html`<p>
        ${t("This layer has nothing learnt of its own to draw. Choose a convolution to see its kernels.")}
      </p>`;
    if (!this.weight || this.channel >= this.weight.shape[0]) return nothing;
    const [outputs, inputs, height = 1, width = 1] = this.weight.shape;
    const slices = strongestSlices(this.weight, this.channel, MOST);
    const first = Math.floor((this.channel * this.groups) / outputs) * inputs;
    const chosen =
      inputs > slices.length
        ? t(
            "Here are the {count} strongest: those with the largest norm, the root of the sum of the squared weights.",
            { count: slices.length },
          )
        : "";
    return html`<p>${this.words(inputs, height, width, first)} ${chosen}</p>
      ${height * width === 1 && inputs > 1 ? this.mixture(slices, first) : this.pictures(slices, first)}`;
  }

  /** What kind of kernel it is. @param {number} inputs @param {number} height @param {number} width @param {number} first number of the first map that it reads */
  words(inputs, height, width, first) {
    const names = { map: this.channel, layer: this.layer, inputs, height, width, first, last: first + inputs - 1 };
    if (this.groups > 1 && inputs === 1)
      return t(
        "Depthwise: map {map} of {layer} reads map {first} alone, with one slice of {height} × {width} weights.",
        names,
      );
    if (this.groups > 1)
      return t(
        "In groups: map {map} of {layer} reads maps {first} to {last} only, {inputs} slices of {height} × {width} weights.",
        names,
      );
    if (height * width === 1)
      return t(
        "1 × 1: map {map} of {layer} looks at no neighbours; it mixes {inputs} maps, each with one weight.",
        names,
      );
    return t(
      "Map {map} of {layer} is made with {inputs} slices of {height} × {width} weights, one for each map that it reads.",
      names,
    );
  }

  /** @param {import("./terms.js").Slice[]} slices @param {number} first */
  pictures(slices, first) {
    const range = valueRange(slices.flatMap(({ tensor }) => Array.from(tensor.data)));
    const most = Math.max(range.high, -range.low);
    const both = { low: -most, high: most };
    const colour = this.fromPicture && slices.length === 3 ? this.inColour(slices, most) : nothing;
    return html`<div class="kernel-slices" data-slices=${slices.length + (colour === nothing ? 0 : 1)}>
        ${colour}${slices.map((slice) => this.slice(slice, both, first))}
      </div>
      <lente-legend .low=${both.low} .high=${both.high} map="diverging"></lente-legend>`;
  }

  /** The three slices as one picture: grey is 0, and what it looks for has its colour. @param {import("./terms.js").Slice[]} slices @param {number} most */
  inColour(slices, most) {
    const [height, width] = slices[0].tensor.shape;
    const data = Float32Array.from(
      slices.flatMap(({ tensor }) => Array.from(tensor.data, (value) => 0.5 + value / (2 * most))),
    );
    const name = t("in colour");
    return html`<figure>
      <lente-map class="kernel-slice" .tensor=${{ shape: [3, height, width], data }} still label=${name}></lente-map>
      <figcaption>${name}</figcaption>
    </figure>`;
  }

  /** @param {import("./terms.js").Slice[]} slices @param {number} first */
  mixture(slices, first) {
    const bars = slices.map(({ input, tensor }) => ({
      key: String(input),
      name: t("from map {map}", { map: first + input }),
      value: tensor.data[0],
      words: formatNumber(tensor.data[0], 3),
    }));
    return html`<lente-signed-bars .bars=${bars}></lente-signed-bars>`;
  }

  /** @param {import("./terms.js").Slice} slice @param {{low: number, high: number}} range @param {number} first */
  slice({ input, norm, tensor }, range, first) {
    const name = this.fromPicture ? (COLOURS[input] ?? input) : t("from map {map}", { map: first + input });
    return html`<figure>
      <lente-map class="kernel-slice" .tensor=${tensor} .range=${range} map="diverging" still label=${name}></lente-map>
      <figcaption>${name} <output aria-live="off">${formatNumber(norm, 2)}</output></figcaption>
    </figure>`;
  }
}

customElements.define("lente-feature-kernels", LenteFeatureKernels);
