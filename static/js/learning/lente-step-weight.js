import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { kernelTerms } from "./came_in.js";
import { short } from "./figures.js";
import { gridCell } from "../shared/ui/grid_keys.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-matrix.js";
import "../shared/ui/lente-number.js";

/**
 * @typedef {import("./server.js").Sum} Sum
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const ROWS = 8;
const CELLS = 25;

/**
 * The kernel, or row of weights, coloured by their gradients, and the sum of the one that is chosen. Rendered in the page.
 *
 * @fires choose - {number[]} the place of a weight
 * @fires look-at - {number} one picture of several
 */
export class LenteStepWeight extends LenteElement {
  static properties = {
    sum: { attribute: false },
    layer: { attribute: false },
    gradient: { attribute: false },
    index: { attribute: false },
    input: { attribute: false },
    back: { attribute: false },
    picture: { attribute: false },
    old: { type: Boolean },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {Sum | null} */ this.sum = null;
    /** Whose weights they are. @type {import("../digits/forward.js").Layer | null} */ this.layer = null;
    /** Of all of them. @type {Tensor | null} */ this.gradient = null;
    /** The place of the one that is chosen. @type {number[]} */ this.index = [];
    /** What the layer was given. @type {Tensor | null} */ this.input = null;
    /** What came back to it. @type {Tensor | null} */ this.back = null;
    /** Which of several is looked at. */ this.picture = 0;
    /** Whether the sum is still that of the weight before. */ this.old = false;
    /** What was typed and is no place. */ this.fault = "";
  }

  render() {
    const { sum, layer, gradient } = this;
    if (!sum || !layer || !gradient) return nothing;
    const convolution = gradient.shape.length === 4;
    return html`<section class="step-weight" data-hideable="weight">
      <h3>${t("The gradient of one weight of {layer}", { layer: layer.name })}</h3>
      ${notice(this.fault)} ${convolution ? this.kernelGrid(gradient) : this.rowGrid(gradient)} ${this.sumWords(sum)}
      ${convolution ? this.kernelMaps() : this.denseTerms(sum)} ${this.pictureSums(sum)}
    </section>`;
  }

  /** @param {Tensor} gradient (O, C, height, width) */
  kernelGrid(gradient) {
    const [outputs, channels, tall, wide] = gradient.shape;
    const [output, channel, row, column] = this.index;
    const start = (output * channels + channel) * tall * wide;
    const choose = (/** @type {number} */ o, /** @type {number} */ c) => this.emit("choose", [o, c, row, column]);
    return html`<div class="row step-which">
        ${this.stepper(t("Kernel"), output, outputs, (next) => choose(next, channel))}
        ${channels > 1 ? this.stepper(t("Map that it reads"), channel, channels, (next) => choose(output, next)) : nothing}
      </div>
      <lente-matrix
        class="step-kernel"
        data-part="kernel"
        .values=${gradient.data.subarray(start, start + tall * wide)}
        .columns=${wide}
        .format=${short}
        .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => r === row && c === column}
        label=${t("Gradients of the kernel's weights")}
        @pin=${(/** @type {CustomEvent<{row: number, column: number}>} */ event) => this.emit("choose", [output, channel, event.detail.row, event.detail.column])}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.onKey(event, tall, wide)}
      ></lente-matrix>`;
  }

  /** @param {KeyboardEvent} event @param {number} tall @param {number} wide */
  onKey(event, tall, wide) {
    const [output, channel, row, column] = this.index;
    const to = gridCell(event, { row, column }, [tall, wide]);
    if (!to) return;
    event.preventDefault();
    this.emit("choose", [output, channel, to.row, to.column]);
  }

  /** @param {string} words @param {number} now @param {number} count @param {(next: number) => void} choose */
  stepper(words, now, count, choose) {
    return html`<label
      >${words}
      <lente-number
        late
        whole
        label=${words}
        .min=${0}
        .max=${count - 1}
        .value=${now}
        @number=${(/** @type {CustomEvent<number>} */ { detail }) => choose(detail)}
        @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.fault = detail)}
      ></lente-number>
      ${t("of {count}", { count })}</label
    >`;
  }

  /** The strongest of a row. @param {Tensor} gradient (O, I) */
  rowGrid(gradient) {
    const [outputs, inputs] = gradient.shape;
    const [output, input] = this.index;
    const row = Array.from(gradient.data.subarray(output * inputs, (output + 1) * inputs), (value, i) => ({
      value,
      i,
    }));
    const strongest = row.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, CELLS);
    return html`<div class="row step-which">
        ${this.stepper(t("Row of unit"), output, outputs, (next) => this.emit("choose", [next, input]))}
        ${this.stepper(t("Weight"), input, inputs, (next) => this.emit("choose", [output, next]))}
      </div>
      <p>${t("The weights of this row with the largest gradients:")}</p>
      <div class="step-strongest">
        ${strongest.map(
          ({ value, i }) =>
            html`<button
              type="button"
              class="quiet"
              aria-pressed=${i === input}
              @click=${() => this.emit("choose", [output, i])}
            >
              ${i}: ${short(value)}
            </button>`,
        )}
      </div>`;
  }

  /** @param {Sum} sum */
  sumWords(sum) {
    return html`<p aria-busy=${this.old}>
      ${t("Gradient = sum over {count} places of what came in × what came back:", { count: formatNumber(sum.count) })}
      <output aria-live="off" data-part="weight-gradient">${short(sum.total)}</output>
      <span class="small">${t("PyTorch's own way back says {value}.", { value: short(sum.value) })}</span>
    </p>`;
  }

  kernelMaps() {
    const { input, back, layer } = this;
    if (!input || !back || !layer) return nothing;
    const { cameIn, cameBack: returned, products, sum } = kernelTerms(input, back, this.index, layer.options);
    const figure = (/** @type {string} */ title, /** @type {Tensor} */ tensor, /** @type {string} */ part) =>
      html`<figure>
        <lente-map still data-part=${part} .tensor=${tensor} label=${title}></lente-map>
        <figcaption>${title}</figcaption>
      </figure>`;
    return html`<div class="step-maps">
        ${figure(t("what came in under the weight"), cameIn, "came-in")}<span>×</span>
        ${figure(t("what came back to its map"), returned, "came-back-map")}<span>=</span>
        ${figure(t("the terms, place by place"), products, "products")}
      </div>
      <p>${t("This picture's terms add up to {sum}.", { sum: short(sum) })}</p>`;
  }

  /** @param {Sum} sum */
  denseTerms(sum) {
    return html`<table class="step-terms" aria-busy=${this.old}>
      <thead>
        <tr>
          <th>${t("picture")}</th>
          <th>${t("came in")}</th>
          <th>${t("came back")}</th>
          <th>${t("product")}</th>
        </tr>
      </thead>
      <tbody>
        ${sum.terms.slice(0, ROWS).map(
          (term) =>
            html`<tr>
              <td>${(term.picture ?? 0) + 1}</td>
              <td>${short(term.input)}</td>
              <td>${short(term.weight)}</td>
              <td>${short(term.product)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** @param {Sum} sum */
  pictureSums({ by_picture: sums = [], total }) {
    if (sums.length < 2) return nothing;
    return html`<p>${t("By picture, together {total}:", { total: short(total) })}</p>
      <div class="step-strongest" aria-busy=${this.old}>
        ${sums.map(
          (sum, i) =>
            html`<button
              type="button"
              class="quiet"
              aria-pressed=${i === this.picture}
              @click=${() => this.emit("look-at", i)}
            >
              ${i + 1}: ${short(sum)}
            </button>`,
        )}
      </div>`;
  }
}

customElements.define("lente-step-weight", LenteStepWeight);
