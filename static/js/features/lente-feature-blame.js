import { html, nothing } from "vendor/lit";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { valueRange } from "../shared/colours.js";
import { unitWords } from "../shared/layer_words.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchBlame } from "./server.js";
import "../shared/ui/lente-class-picker.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-matrix.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("./server.js").Blame} Blame
 * @typedef {Blame["sum"]} Sum
 * @typedef {Blame & {layer: string, channel: number}} Found with what was asked
 */

const ROWS = 6;

/**
 * What training would ask of a photograph: what comes back from the loss to the chosen map, from whom, and what that makes
 * of a weight. Rendered in the page.
 *
 * @fires unnamed - when a class is chosen that is not among those at hand
 */
export class LenteFeatureBlame extends LenteElement {
  static properties = {
    state: { attribute: false },
    layer: { type: String },
    channel: { type: Number },
    classes: { attribute: false },
    partial: { type: Boolean },
    place: { state: true },
    weight: { state: true },
    target: { state: true },
    found: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** The one that made the map. */ this.layer = "";
    this.channel = 0;
    /** The most likely first. @type {import("./server.js").ClassShare[]} */ this.classes = [];
    /** Whether there are more of them. */ this.partial = false;
    /** Row and column in the map; where most came back if null. @type {number[] | null} */ this.place = null;
    /** In the layer's weights; the one with the largest gradient if null. @type {number[] | null} */ this.weight =
      null;
    /** What the photograph is said to be; the most likely if null. @type {number | null} */ this.target = null;
    /** @type {Found | null} */ this.found = null;
    this.fault = "";
    addressed(this, { target: { name: "said", first: null, accepts: wholeFrom(0) } });
    this.load = newest(
      fetchBlame,
      (found, _, { layer, channel }) => Object.assign(this, { found: { ...found, layer, channel }, fault: "" }),
      (error) => Object.assign(this, { found: null, fault: error.message }),
    );
    this.near = new Near(this, () => this.ask());
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("layer") || changed.has("channel")) Object.assign(this, { place: null, weight: null });
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (["state", "layer", "channel", "place", "weight", "target"].some((name) => changed.has(name))) this.ask();
    if (this.partial && this.target !== null && !this.classes.some(({ index }) => index === this.target))
      this.emit("unnamed");
  }

  ask() {
    const { state, layer, channel, target, place, weight } = this;
    if (state && layer && this.near.here) this.load(state, { layer, channel, target, place, weight });
  }

  render() {
    const { found } = this;
    return html`<p>
        ${t("In training a picture comes with its class, and whatever the answer lacks goes back through the network as blame: to every map, and to every weight as its gradient. Say what the photograph is, and see what would come back.")}
      </p>
      ${this.chooser()} ${notice(this.fault)}
      ${found ? this.whole(found) : this.fault ? nothing : html`<p class="empty">${t("The way back is being computed…")}</p>`}`;
  }

  chooser() {
    const { classes, target } = this;
    return html`<lente-class-picker
      .classes=${classes}
      ?partial=${this.partial}
      .chosen=${target}
      field="said"
      none=${t("the most likely: {name}", { name: classes[0]?.name ?? "" })}
      label=${t("It is said to be")}
      @class=${(/** @type {CustomEvent<number | null>} */ { detail }) => (this.target = detail)}
    ></lente-class-picker>`;
  }

  /** @param {Found} found */
  whole(found) {
    return html`<p>
        ${t("Loss = −ln(share):")}
        <output aria-live="off" data-part="blame-loss"
          >−ln(${formatNumber(found.probability)}) = ${formatNumber(found.loss)}</output
        >
      </p>
      <div class="blame-columns">${this.mapOf(found)} ${this.weightOf(found)}</div>`;
  }

  /** @param {Found} found */
  mapOf({ cameBack, unit, sum, layer, channel }) {
    const most = Math.max(valueRange(cameBack.data).high, 1e-12);
    const [rows, columns] = cameBack.shape;
    const place = unit.length === 3 && rows * columns > 1 ? unit.slice(1) : null;
    const touched = place ? [{ top: place[0], left: place[1], bottom: place[0] + 1, right: place[1] + 1 }] : [];
    const title = t("What came back to map {number} of {layer}", { number: channel, layer });
    return html`<section>
      <h3>${title}</h3>
      <lente-map
        class="blame-map"
        map="diverging"
        .tensor=${cameBack}
        .range=${{ low: -most, high: most }}
        .touched=${touched}
        label=${title}
        @pin=${(/** @type {CustomEvent<{row: number, column: number}>} */ event) => (this.place = [event.detail.row, event.detail.column])}
      ></lente-map>
      <lente-legend .low=${-most} .high=${most} map="diverging"></lente-legend>
      <p>
        ${unitWords(layer, unit)}:
        <output aria-live="off" data-part="blame-unit">${formatNumber(sum.value)}</output>.
        ${t("It is the sum over all that read this number, of what came back to each times the slope between:")}
      </p>
      ${terms(sum, [t("unit"), t("came back"), t("slope"), t("product")])}
    </section>`;
  }

  /** @param {Found} found */
  weightOf({ kernel, index, weight, shape, layer }) {
    if (!weight || !index || !shape)
      return html`<section>
        <p>${t("This layer has no weights of its own: what comes back passes through it.")}</p>
      </section>`;
    return html`<section>
      <h3>${t("The gradient of one weight of {layer}", { layer })}</h3>
      ${kernel ? this.kernelOf(kernel, index, shape) : nothing}
      <p>
        ${t("Gradient = sum over {count} places of what came in × what came back:", { count: formatNumber(weight.count) })}
        <output aria-live="off" data-part="blame-weight">${formatNumber(weight.total)}</output>
        <span class="small">${t("PyTorch's own way back says {value}.", { value: formatNumber(weight.value) })}</span>
      </p>
      ${terms(weight, [t("unit"), t("came in"), t("came back"), t("product")])}
    </section>`;
  }

  /** @param {import("../shared/safetensors.js").Tensor} kernel @param {number[]} index @param {number[]} shape */
  kernelOf(kernel, index, shape) {
    const [output, input, row, column] = index;
    return html`<p class="small">
        ${t("Kernel {output}, slice {input} of {count}: the gradients of its weights. Click one to see its sum.", { output, input, count: shape[1] })}
      </p>
      <lente-matrix
        class="blame-kernel"
        data-part="blame-kernel"
        .values=${kernel.data}
        .columns=${kernel.shape[1]}
        .format=${inCell}
        .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => r === row && c === column}
        label=${t("Gradients of the kernel's weights")}
        @pin=${(/** @type {CustomEvent<{row: number, column: number}>} */ event) => (this.weight = [output, input, event.detail.row, event.detail.column])}
      ></lente-matrix>`;
  }
}

/** As many figures as a cell has room for. @param {number} value */
const inCell = (value) => formatNumber(Number(value.toPrecision(2)));

/** The strongest terms of a sum, and the rest. @param {Sum} sum @param {string[]} heads */
function terms({ terms: all, count, total }, heads) {
  const shown = all.slice(0, ROWS);
  const rest = total - shown.reduce((part, { product }) => part + product, 0);
  return html`<table class="terms">
    <thead>
      <tr>
        ${heads.map((head) => html`<th>${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${shown.map(
        ({ layer, unit, input, weight, product }) =>
          html`<tr>
            <td>${layer ? unitWords(layer, unit) : t("the loss")}</td>
            <td>${formatNumber(input)}</td>
            <td>${formatNumber(weight)}</td>
            <td>${formatNumber(product)}</td>
          </tr>`,
      )}
      ${
        count > shown.length
          ? html`<tr>
              <td colspan="3">${t("the other {count}", { count: formatNumber(count - shown.length) })}</td>
              <td>${formatNumber(rest)}</td>
            </tr>`
          : nothing
      }
      <tr class="total">
        <td colspan="3">${t("together")}</td>
        <td>${formatNumber(total)}</td>
      </tr>
    </tbody>
  </table>`;
}

customElements.define("lente-feature-blame", LenteFeatureBlame);
