import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { resizeKernel } from "./kernels.js";
import { UNBOUNDED, rangesOf } from "./run.js";
import { presetWith, onlyCursor } from "./state.js";
import "../shared/ui/lente-number.js";

/** @typedef {import("./state.js").ConvolutionState} ConvolutionState */

const MOST_KERNELS = 8;

/**
 * The kernel's size, divisor and bias, how it is laid on, and how many kernels there are. Rendered in the page.
 *
 * @fires change-state - what changes in the state
 */
export class LenteKernelOptions extends LenteElement {
  static properties = { state: { attribute: false }, bounds: { attribute: false } };

  constructor() {
    super();
    /** @type {ConvolutionState} */ this.state = /** @type {any} */ (null);
    /** @type {import("./run.js").Bounds} */ this.bounds = UNBOUNDED;
  }

  /** A moving cursor changes nothing here. @param {Map<string, any>} changed */
  shouldUpdate(changed) {
    return changed.size > 1 || !changed.has("state") || !onlyCursor(changed.get("state"), this.state);
  }

  /** The kernel of the output channel that is looked at. */
  get chosen() {
    return Math.min(this.state.unit[0], this.state.kernels.length - 1);
  }

  render() {
    const { state } = this;
    const [slice] = state.kernels[this.chosen];
    const [height, width] = [slice.length, slice[0].length];
    const { kernel, number } = rangesOf(this.bounds);
    return html` <div class="kernel-numbers">
        ${this.number(t("Height"), height, kernel, (value) => this.resize(value, width), true)}
        ${this.number(t("Width"), width, kernel, (value) => this.resize(height, value), true)}
        ${this.number(t("Divisor"), state.divisor, number, (divisor) => this.send({ divisor, preset: presetWith(state, { divisor }) }))}
        ${this.number(t("Bias"), state.bias, number, (bias) => this.send({ bias }))}
      </div>
      <label class="flip"
        ><input
          type="checkbox"
          data-field="flip"
          .checked=${state.flip}
          @change=${() => this.send({ flip: !state.flip })}
        />
        ${t("Turn the kernel by half a turn first")}</label
      >
      <p class="small">
        ${state.flip ? t("This is convolution as mathematics defines it.") : t("The kernel is laid on as it is: cross-correlation, which networks call convolution.")}
      </p>
      ${state.channels === "each" ? nothing : this.several()}`;
  }

  /** @param {string} label @param {number} value @param {[number, number]} range @param {(value: number) => void} change @param {boolean} [whole] */
  number(label, value, [min, max], change, whole = false) {
    return html`<label class="above"
      ><span>${label}</span
      ><lente-number
        .value=${value}
        .label=${label}
        .min=${min}
        .max=${max}
        .whole=${whole}
        .step=${1}
        @number=${(/** @type {CustomEvent<number>} */ event) => change(event.detail)}
      ></lente-number
    ></label>`;
  }

  several() {
    const { kernels } = this.state;
    const { chosen } = this;
    return html`<div class="row kernels">
      <span class="segments" role="group" aria-label=${t("Kernels, one for each output channel")}
        >${kernels.map(
          (_, i) =>
            html` <button
              type="button"
              aria-pressed=${i === chosen}
              aria-label=${t("Kernel {number}", { number: i + 1 })}
              @click=${() => this.choose(i)}
            >
              ${i + 1}
            </button>`,
        )}
        <button
          type="button"
          data-do="add-kernel"
          title=${t("One more kernel, one more output channel")}
          aria-label=${t("One more kernel, one more output channel")}
          ?disabled=${kernels.length >= MOST_KERNELS}
          @click=${this.add}
        >
          +
        </button>
      </span>
      ${kernels.length > 1 ? html`<button type="button" class="quiet" @click=${this.remove}>${t("Remove this one")}</button>` : html`<span class="small">${t("Several kernels give several output channels.")}</span>`}
    </div>`;
  }

  /** @param {number} index */
  choose(index) {
    const { unit } = this.state;
    this.send({ unit: [index, unit[1], unit[2]] });
  }

  add() {
    const kernels = [...this.state.kernels, this.state.kernels[this.chosen].map(turned)];
    const { unit } = this.state;
    this.send({ kernels, preset: "custom", unit: [kernels.length - 1, unit[1], unit[2]] });
  }

  remove() {
    const kernels = this.state.kernels.filter((_, i) => i !== this.chosen);
    const { unit } = this.state;
    this.send({ kernels, preset: presetWith(this.state, { kernels }), unit: [0, unit[1], unit[2]] });
  }

  /** @param {number} height @param {number} width */
  resize(height, width) {
    const kernels = this.state.kernels.map((slices) => slices.map((slice) => resizeKernel(slice, height, width)));
    this.send({ kernels, preset: presetWith(this.state, { kernels }) });
  }

  /** @param {Partial<ConvolutionState>} detail */
  send(detail) {
    this.emit("change-state", detail);
  }
}

/** A new kernel finds the edges across those that the last one finds. @param {number[][]} slice */
function turned(slice) {
  return slice.length === slice[0].length
    ? slice[0].map((_, column) => slice.map((weights) => weights[column]))
    : slice;
}

customElements.define("lente-kernel-options", LenteKernelOptions);
