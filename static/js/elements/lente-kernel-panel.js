import { LitElement, html, nothing } from "vendor/lit";
import { LARGEST_KERNEL, presetOf } from "../lib/convolution_state.js";
import { kernelPresets } from "../lib/kernel_presets.js";
import { resizeKernel } from "../lib/resize_kernel.js";
import { t } from "../services/i18n.js";
import { fetchLearntKernels } from "../services/learnt_kernels.js";
import { CHANNEL_NAMES, KERNEL_GROUPS, KERNEL_NAMES } from "./convolution_words.js";
import "./lente-kernel.js";
import "./lente-number.js";

/** @typedef {import("../lib/convolution_state.js").ConvolutionState} ConvolutionState */

const MOST_KERNELS = 8;

/**
 * Everything about the kernel: presets, weights, size, divisor, bias, flip, and how many kernels there are. Rendered in
 * the page.
 *
 * @fires change-state - what changes in the state
 * @fires weight - the weight under the cursor, or null
 */
export class LenteKernelPanel extends LitElement {
  static properties = {
    state: { attribute: false },
    touched: { attribute: false },
    learnt: { state: true },
  };

  constructor() {
    super();
    /** @type {ConvolutionState} */ this.state = /** @type {any} */ (null);
    /** @type {import("./lente-kernel.js").Weight | null} */ this.touched = null;
    /** @type {import("../services/learnt_kernels.js").LearntKernel[]} */ this.learnt = [];
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    fetchLearntKernels().then((learnt) => (this.learnt = learnt));
  }

  /** The kernel that is edited: the one of the output channel that is looked at. */
  get chosen() {
    return Math.min(this.state.unit[0], this.state.kernels.length - 1);
  }

  render() {
    const { state } = this;
    const kernel = state.kernels[this.chosen];
    const [height, width] = [kernel[0].length, kernel[0][0].length];
    return html`
      ${this.presets()}
      <lente-kernel class="kernel" data-slices=${kernel.length} .kernel=${kernel} .names=${CHANNEL_NAMES.map((name) => t(name))} .touched=${this.touched}
        @weights=${(/** @type {CustomEvent<number[][][]>} */ event) => this.edit(event.detail)}></lente-kernel>
      <div class="row kernel-numbers">
        ${this.number(t("Height"), height, (value) => this.resize(value, width), { min: 1, max: LARGEST_KERNEL, whole: true })}
        ${this.number(t("Width"), width, (value) => this.resize(height, value), { min: 1, max: LARGEST_KERNEL, whole: true })}
        ${this.number(t("Divisor"), state.divisor, (divisor) => this.send({ divisor, preset: this.presetWith({ divisor }) }))}
        ${this.number(t("Bias"), state.bias, (bias) => this.send({ bias }))}
      </div>
      ${state.channels === "each" ? nothing : this.several()}
      <label class="flip"><input type="checkbox" .checked=${state.flip} @change=${(/** @type {Event} */ event) => this.send({ flip: /** @type {HTMLInputElement} */ (event.target).checked })}>
        ${state.flip ? t("Turned by half a turn first: convolution as mathematics defines it") : t("Laid on as it is, as networks do (cross-correlation). Tick to turn it first")}</label>`;
  }

  presets() {
    const { preset } = this.state;
    return html`<label class="above preset" data-hideable="presets">${t("Kernel")}
      <select data-field="preset" @change=${this.onPreset}>
        <option value="custom" ?selected=${preset === "custom"}>${t(KERNEL_NAMES.custom)}</option>
        ${Object.entries(KERNEL_GROUPS).map(([group, title]) => html`<optgroup label=${t(title)}>
          ${kernelPresets.filter((one) => one.group === group).map(({ name }) => html`<option value=${name} ?selected=${preset === name}>${t(KERNEL_NAMES[name])}</option>`)}</optgroup>`)}
        ${this.learntGroups()}
      </select></label>`;
  }

  learntGroups() {
    const titles = [...new Set(this.learnt.map(({ title }) => title))];
    return titles.map((title) => html`<optgroup label=${title}>${this.learnt.filter((one) => one.title === title).map(({ name, label }) => html`
      <option value=${name} ?selected=${this.state.preset === name}>${label}</option>`)}</optgroup>`);
  }

  /** @param {string} label @param {number} value @param {(value: number) => void} change @param {object} [limits] */
  number(label, value, change, limits = {}) {
    const { min = -Infinity, max = Infinity, whole = false } = /** @type {any} */ (limits);
    return html`<label class="above"><span>${label}</span><lente-number .value=${value} .label=${label} .min=${min} .max=${max} .whole=${whole} .step=${1}
      @number=${(/** @type {CustomEvent<number>} */ event) => change(event.detail)}></lente-number></label>`;
  }

  several() {
    const { kernels } = this.state;
    const { chosen } = this;
    return html`<div class="row kernels">
      <span class="segments" role="group" aria-label=${t("Kernels, one for each output channel")}>${kernels.map((_, i) => html`
        <button type="button" aria-pressed=${i === chosen} aria-label=${t("Kernel {number}", { number: i + 1 })} @click=${() => this.choose(i)}>${i + 1}</button>`)}
        <button type="button" data-do="add-kernel" title=${t("One more kernel, one more output channel")} aria-label=${t("One more kernel, one more output channel")} ?disabled=${kernels.length >= MOST_KERNELS} @click=${this.add}>+</button>
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
    const kernels = [...this.state.kernels, this.state.kernels[this.chosen].map((slice) => slice[0].map((_, column) => slice.map((weights) => weights[column])))];
    const { unit } = this.state;
    const square = kernels[0][0].length === kernels[0][0][0].length;
    if (!square) kernels[kernels.length - 1] = this.state.kernels[this.chosen];
    this.send({ kernels, preset: "custom", unit: [kernels.length - 1, unit[1], unit[2]] });
  }

  remove() {
    const kernels = this.state.kernels.filter((_, i) => i !== this.chosen);
    const { unit } = this.state;
    this.send({ kernels, preset: kernels.length === 1 && kernels[0].length === 1 ? presetOf(kernels[0][0], this.state.divisor) : "custom", unit: [0, unit[1], unit[2]] });
  }

  /** @param {number[][][]} kernel */
  edit(kernel) {
    const kernels = this.state.kernels.map((one, i) => (i === this.chosen ? kernel : one));
    this.send({ kernels, preset: this.presetWith({ kernels }) });
  }

  /** @param {number} height @param {number} width */
  resize(height, width) {
    const kernels = this.state.kernels.map((slices) => slices.map((slice) => resizeKernel(slice, height, width)));
    this.send({ kernels, preset: this.presetWith({ kernels }) });
  }

  /** The preset that a change makes, or "custom". @param {Partial<ConvolutionState>} change */
  presetWith(change) {
    const { kernels, divisor } = { ...this.state, ...change };
    return kernels.length === 1 && kernels[0].length === 1 ? presetOf(kernels[0][0], divisor) : "custom";
  }

  /** @param {Event} event */
  onPreset(event) {
    const name = /** @type {HTMLSelectElement} */ (event.target).value;
    const named = kernelPresets.find((one) => one.name === name);
    const learnt = this.learnt.find((one) => one.name === name);
    if (named) this.put(name, [named.kernel], named.divisor, named.signed);
    else if (learnt) this.put(name, learnt.kernel, 1, true);
    else this.send({ preset: "custom" });
  }

  /** @param {string} preset @param {number[][][]} slices @param {number} divisor @param {boolean} signed */
  put(preset, slices, divisor, signed) {
    const { state } = this;
    const coloured = slices.length === 3 && !state.matrix;
    const channels = coloured ? "cube" : state.channels;
    const kernel = channels === "cube" ? (slices.length === 3 ? slices : [slices[0], slices[0], slices[0]]) : slices.slice(0, 1);
    const fitting = (/** @type {number[][][]} */ one) => this.fitted(one, kernel);
    const kernels = channels === "each" ? [kernel] : state.kernels.map((one, i) => (i === this.chosen ? kernel : fitting(one)));
    const single = kernels.length === 1 && kernel.length === 1;
    this.send({ channels, kernels, divisor, preset: single || coloured ? preset : "custom", ...(channels === "cube" && signed ? { display: "signed" } : {}) });
  }

  /** Another kernel with as many slices, rows and columns. @param {number[][][]} one @param {number[][][]} like */
  fitted(one, like) {
    return like.map((slice, i) => resizeKernel(one[i] ?? one[0], slice.length, slice[0].length));
  }

  /** @param {Partial<ConvolutionState>} detail */
  send(detail) {
    this.dispatchEvent(new CustomEvent("change-state", { detail, bubbles: true }));
  }
}

customElements.define("lente-kernel-panel", LenteKernelPanel);
