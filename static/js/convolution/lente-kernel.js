import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { repaintOnTheme, theme } from "../frame/theme.js";
import { colourMap, inkOn } from "../shared/colours.js";
import "../shared/ui/lente-number.js";

/** @typedef {import("./model.js").Weight} Weight */

/**
 * The weights of one kernel: a table of numbers for each slice, which can be typed, dragged or moved with the arrow keys.
 * Rendered in the page.
 *
 * @fires weights - the kernel with the new weight, (C, height, width)
 * @fires weight - the weight under the cursor (a Weight), or null
 */
export class LenteKernel extends LenteElement {
  static properties = {
    kernel: { attribute: false },
    names: { attribute: false },
    touched: { attribute: false },
    range: { attribute: false },
    still: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {number[][][]} */ this.kernel = [[[1]]];
    /** @type {string[]} names of the slices, where there are several */ this.names = [];
    /** @type {Weight | null} */ this.touched = null;
    /** @type {[number, number]} the least and the most of a weight */ this.range = [-Infinity, Infinity];
    /** It only shows. */ this.still = false;
    repaintOnTheme(this, () => this.requestUpdate());
  }

  render() {
    const largest = Math.max(...this.kernel.flat(2).map(Math.abs), 1e-9);
    return this.kernel.map(
      (slice, index) =>
        html`<div class="kernel-slice" data-slice=${index}>
          ${this.kernel.length > 1 ? html`<span class="kernel-name">${this.names[index]}</span>` : nothing}
          <div
            class="kernel-table"
            role="group"
            aria-label=${this.labelOf(slice)}
            style=${styleMap({ "--columns": String(slice[0].length), gridTemplateColumns: `repeat(${slice[0].length}, minmax(0, 1fr))` })}
          >
            ${slice.map((weights, row) => weights.map((value, column) => this.cell({ slice: index, row, column }, value, largest)))}
          </div>
        </div>`,
    );
  }

  /** @param {number[][]} slice */
  labelOf(slice) {
    return t("Kernel of {height} × {width} weights", { height: slice.length, width: slice[0].length });
  }

  /** @param {Weight} at @param {number} value @param {number} largest */
  cell(at, value, largest) {
    const entry = Math.round(128 + (value / largest) * (value < 0 ? 88 : 87));
    const pixel = colourMap("diverging", theme())[entry];
    const { touched } = this;
    const on =
      touched !== null &&
      touched.row === at.row &&
      touched.column === at.column &&
      (touched.slice === at.slice || touched.slice < 0);
    const label = t("Weight in row {row}, column {column}", { row: at.row + 1, column: at.column + 1 });
    return html`<lente-number
      class="kernel-weight"
      data-touched=${on}
      .value=${value}
      .step=${this.stepOf()}
      .min=${this.range[0]}
      .max=${this.range[1]}
      .label=${label}
      ?inert=${this.still}
      style=${styleMap({ "--ground": `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`, "--on-ground": inkOn(pixel) })}
      @number=${(/** @type {CustomEvent<number>} */ event) => this.change(at, event.detail)}
      @pointerenter=${() => this.point(at)}
      @pointerleave=${() => this.point(null)}
      @focusin=${() => this.point(at)}
      @focusout=${() => this.point(null)}
    ></lente-number>`;
  }

  /** Whole weights move by one, others by a tenth. */
  stepOf() {
    return this.kernel.flat(2).every(Number.isInteger) ? 1 : 0.1;
  }

  /** @param {Weight} at @param {number} value */
  change({ slice, row, column }, value) {
    const kernel = this.kernel.map((table) => table.map((weights) => weights.slice()));
    kernel[slice][row][column] = value;
    this.tell("weights", kernel);
  }

  /** @param {Weight | null} at */
  point(at) {
    this.emit("weight", at);
  }
}

customElements.define("lente-kernel", LenteKernel);
