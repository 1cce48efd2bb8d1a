import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { kernelPresets } from "../convolution/kernels.js";
import { KERNEL_NAMES } from "../convolution/words.js";
import { formatNumber } from "../shared/numbers.js";

export const NOISE = "noise";
/** @type {[string, string][]} */
export const PICTURES = [
  ["sample-cat", N_("Cat")],
  ["sample-coins", N_("Coins")],
  ["sample-chessboard", N_("Chessboard")],
  [NOISE, N_("Noise")],
];
const HIDDEN = ["left-sobel", "top-sobel", "outline", "sharpen", "emboss", "blur"];
const CUSTOM = "custom";

/** A kernel by its name. @param {string} name @returns {number[][]} */
export function presetKernel(name) {
  const found = kernelPresets.find((one) => one.name === name) ?? kernelPresets[0];
  return found.kernel.map((row) => row.map((weight) => weight / found.divisor));
}

/**
 * What one kernel is to learn, and from how much. Rendered in the page.
 *
 * @fires choose - {image?: string, aim?: number[][], count?: number, shown?: boolean}
 */
export class LenteKernelTask extends LenteElement {
  static properties = {
    image: { attribute: false },
    aim: { attribute: false },
    count: { attribute: false },
    counts: { attribute: false },
  };

  constructor() {
    super();
    this.image = "";
    /** The hidden kernel. @type {number[][]} */ this.aim = [];
    /** How many places it may look at. */ this.count = 0;
    /** The choices, the last of which is all. @type {number[]} */ this.counts = [];
  }

  render() {
    const all = this.counts[this.counts.length - 1];
    return html`<div class="row settings" data-hideable="kernel-settings">
      <span class="segments" role="group" aria-label=${t("Picture")}
        >${PICTURES.map(
          ([name, words]) =>
            html`<button
              type="button"
              data-picture=${name}
              aria-pressed=${this.image === name}
              @click=${() => this.emit("choose", { image: name })}
            >
              ${t(words)}
            </button>`,
        )}</span
      >
      <label
        >${t("Hidden kernel")}
        <select data-part="hidden" @change=${this.onHidden}>
          ${[...HIDDEN, CUSTOM].map(
            (name) =>
              html`<option value=${name} ?selected=${name === this.hiddenName}>${t(KERNEL_NAMES[name])}</option>`,
          )}
        </select></label
      >
      <span class="segments" role="group" aria-label=${t("How many places it may look at")}
        >${this.counts.map(
          (count) =>
            html`<button
              type="button"
              data-places=${count}
              aria-pressed=${this.count === count}
              @click=${() => this.emit("choose", { count })}
            >
              ${count === all ? t("all {count} places", { count: formatNumber(count) }) : count}
            </button>`,
        )}</span
      >
    </div>`;
  }

  get hiddenName() {
    const written = JSON.stringify(this.aim);
    return HIDDEN.find((name) => JSON.stringify(presetKernel(name)) === written) ?? CUSTOM;
  }

  /** @param {Event} event */
  onHidden(event) {
    const name = /** @type {HTMLSelectElement} */ (event.target).value;
    this.emit("choose", name === CUSTOM ? { shown: true } : { aim: presetKernel(name) });
  }
}

customElements.define("lente-kernel-task", LenteKernelTask);
