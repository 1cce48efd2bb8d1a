import { html } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { kernelPresets, resizeKernel } from "./kernels.js";
import { UNBOUNDED, rangesOf } from "./run.js";
import { fetchLearntKernels } from "./server.js";
import { presetWith, onlyCursor } from "./state.js";
import { CHANNEL_NAMES, KERNEL_GROUPS, KERNEL_NAMES } from "./words.js";
import "./lente-kernel.js";

/** @typedef {import("./state.js").ConvolutionState} ConvolutionState */

/**
 * The kernel: presets, those that networks learnt among them, and the weights. Rendered in the page.
 *
 * @fires change-state - what changes in the state
 * @fires weight - the weight under the cursor, or null
 */
export class LenteKernelPanel extends LenteElement {
  static properties = {
    state: { attribute: false },
    bounds: { attribute: false },
    touched: { attribute: false },
    learnt: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {ConvolutionState} */ this.state = /** @type {any} */ (null);
    /** @type {import("./run.js").Bounds} */ this.bounds = UNBOUNDED;
    /** @type {import("./lente-kernel.js").Weight | null} */ this.touched = null;
    /** @type {import("./server.js").LearntKernel[]} */ this.learnt = [];
    /** Why there are no kernels of networks to choose. */ this.fault = "";
  }

  /** A moving cursor changes nothing here. @param {Map<string, any>} changed */
  shouldUpdate(changed) {
    return changed.size > 1 || !changed.has("state") || !onlyCursor(changed.get("state"), this.state);
  }

  connectedCallback() {
    super.connectedCallback();
    fetchLearntKernels().then(
      (learnt) => (this.learnt = learnt),
      (/** @type {Error} */ { message }) => (this.fault = message),
    );
  }

  /** The kernel that is edited: the one of the output channel that is looked at. */
  get chosen() {
    return Math.min(this.state.unit[0], this.state.kernels.length - 1);
  }

  render() {
    const { state } = this;
    const kernel = state.kernels[this.chosen];
    return html` ${this.presets()}
      ${notice(this.fault && html`${t("Kernels that networks have learnt:")} ${this.fault}`)}
      <lente-kernel
        class="kernel"
        data-slices=${kernel.length}
        .kernel=${kernel}
        .names=${CHANNEL_NAMES.map((name) => t(name))}
        .touched=${this.touched}
        .range=${rangesOf(this.bounds).number}
        @weights=${(/** @type {CustomEvent<number[][][]>} */ event) => this.edit(event.detail)}
      ></lente-kernel>`;
  }

  presets() {
    const { preset } = this.state;
    return html`<label class="above preset" data-hideable="presets"
      >${t("Kernel")}
      <select data-field="preset" @change=${this.onPreset}>
        <option value="custom" ?selected=${preset === "custom"}>${t(KERNEL_NAMES.custom)}</option>
        ${Object.entries(KERNEL_GROUPS).map(
          ([group, title]) =>
            html`<optgroup label=${t(title)}>
              ${kernelPresets.filter((one) => one.group === group).map(({ name }) => html`<option value=${name} ?selected=${preset === name}>${t(KERNEL_NAMES[name])}</option>`)}
            </optgroup>`,
        )}
        ${this.learntGroups()}
      </select></label
    >`;
  }

  learntGroups() {
    const titles = [...new Set(this.learnt.map(({ title }) => title))];
    return titles.map(
      (title) =>
        html`<optgroup label=${title}>
          ${this.learnt
            .filter((one) => one.title === title)
            .map(
              ({ name, label }) =>
                html` <option value=${name} ?selected=${this.state.preset === name}>${label}</option>`,
            )}
        </optgroup>`,
    );
  }

  /** @param {number[][][]} kernel */
  edit(kernel) {
    const kernels = this.state.kernels.map((one, i) => (i === this.chosen ? kernel : one));
    this.send({ kernels, preset: presetWith(this.state, { kernels }) });
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
    const kernel =
      channels === "cube" ? (slices.length === 3 ? slices : [slices[0], slices[0], slices[0]]) : slices.slice(0, 1);
    const fitting = (/** @type {number[][][]} */ one) => this.fitted(one, kernel);
    const kernels =
      channels === "each" ? [kernel] : state.kernels.map((one, i) => (i === this.chosen ? kernel : fitting(one)));
    const single = kernels.length === 1 && kernel.length === 1;
    this.send({
      channels,
      kernels,
      divisor,
      preset: single || coloured ? preset : "custom",
      ...(channels === "cube" && signed ? { display: "signed" } : {}),
    });
  }

  /** Another kernel with as many slices, rows and columns. @param {number[][][]} one @param {number[][][]} like */
  fitted(one, like) {
    return like.map((slice, i) => resizeKernel(one[i] ?? one[0], slice.length, slice[0].length));
  }

  /** @param {Partial<ConvolutionState>} detail */
  send(detail) {
    this.emit("change-state", detail);
  }
}

customElements.define("lente-kernel-panel", LenteKernelPanel);
