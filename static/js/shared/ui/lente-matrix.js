import { classMap, css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { repaintOnTheme, theme } from "../../frame/theme.js";
import { colourMap, colourise, inkOn, valueRange } from "../colours.js";
import { formatNumber } from "../numbers.js";
import { Press } from "./press.js";

/** @typedef {import("./lente-map.js").Cell} Cell */

/**
 * A small table of numbers, each on the colour that stands for it.
 *
 * @fires cell - the cell under the cursor or finger; null when it leaves
 * @fires pin - the cell that was clicked
 */
export class LenteMatrix extends ShadowElement {
  static properties = {
    values: { attribute: false },
    columns: { type: Number },
    range: { attribute: false },
    map: { type: String },
    pixels: { attribute: false },
    border: { attribute: false },
    box: { attribute: false },
    isTouched: { attribute: false },
    shown: { attribute: false },
    format: { attribute: false },
    label: { type: String },
    still: { type: Boolean },
  };

  static styles = css`
    :host {
      display: block;
      container-type: inline-size;
    }
    .table {
      /* Whole pixels, so that all lines between cells are alike. */
      --side: max(1px, round(down, calc((100cqi - 1px) / var(--columns)), 1px) - 1px);
      display: grid;
      grid-template-columns: repeat(var(--columns), var(--side));
      width: max-content;
      gap: 1px;
      padding: 1px;
      background: var(--line);
      outline-offset: 2px;
      font: 500 1rem/1 var(--figures);
      font-variant-numeric: tabular-nums;
      touch-action: pan-y;
    }
    .table[tabindex="0"] {
      cursor: crosshair;
    }
    .table:focus-visible {
      outline: 2px solid var(--ink);
    }
    .cell {
      aspect-ratio: 1;
      contain: strict;
      overflow: hidden;
      position: relative;
      text-align: center;
      line-height: var(--side);
      white-space: nowrap;
    }
    .border {
      background-image: repeating-linear-gradient(135deg, transparent 0 5px, #8884 5px 6px) !important;
      opacity: 0.72;
      font-style: italic;
    }
    .window {
      box-shadow: inset 0 0 0 1px var(--touch);
    }
    .touched {
      box-shadow: inset 0 0 0 3px var(--touch);
      z-index: 1;
    }
    .hidden {
      background: var(--surface) !important;
      color: var(--ink-faint) !important;
    }
  `;

  constructor() {
    super();
    /** @type {ArrayLike<number>} row-major */ this.values = [];
    this.columns = 1;
    /** @type {{low: number, high: number} | null} */ this.range = null;
    /** @type {import("../colours.js").MapName | "auto"} */ this.map = "auto";
    /** @type {Uint32Array | null} colours of the cells, instead of range and map */ this.pixels = null;
    /** Rows and columns of padding. @type {{top: number, left: number, bottom: number, right: number} | null} */ this.border =
      null;
    /** @type {import("./lente-map.js").Box | null} */ this.box = null;
    /** @type {(row: number, column: number) => boolean} */ this.isTouched = () => false;
    /** Cells that are shown, the others wait to be computed. */ this.shown = Infinity;
    /** @type {(value: number) => string} */ this.format = (value) => formatNumber(value);
    this.label = "";
    this.still = false;
    this.press = new Press();
    repaintOnTheme(this, () => this.requestUpdate());
    /** @type {Cell | null} */ this.cell = null;
  }

  render() {
    const pixels = this.pixels ?? this.colours();
    const longest = Math.max(2.4, ...Array.from(this.values, (value) => this.format(value).length));
    const size = `clamp(0.75rem, ${(100 / this.columns / longest) * 1.25}cqi, ${Math.min(1.3, 90 / this.columns / 8)}rem)`;
    return html`<div
      class="table"
      role=${this.still ? "img" : "application"}
      aria-label=${this.label}
      tabindex=${this.still ? nothing : "0"}
      style=${styleMap({ "--columns": String(this.columns), fontSize: size })}
      @pointermove=${this.onPoint}
      @pointerdown=${this.onPoint}
      @pointerup=${this.press.note}
      @pointerleave=${() => this.show(null)}
      @click=${this.onClick}
    >
      ${Array.from(this.values, (value, i) => this.one(value, i, pixels[i]))}
    </div>`;
  }

  /** @param {number} value @param {number} i @param {number} pixel */
  one(value, i, pixel) {
    const [row, column] = [Math.floor(i / this.columns), i % this.columns];
    const hidden = i >= this.shown;
    const { box } = this;
    const kinds = {
      cell: true,
      border: this.outside(row, column),
      window: box !== null && row >= box.top && row < box.bottom && column >= box.left && column < box.right,
      touched: this.isTouched(row, column),
      hidden,
    };
    const ground = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
    return html`<div class=${classMap(kinds)} style=${styleMap({ backgroundColor: ground, color: inkOn(pixel) })}>
      ${hidden ? "·" : this.format(value)}
    </div>`;
  }

  colours() {
    const { low, high } = this.range ?? valueRange(this.values);
    const name = this.map === "auto" ? (low < 0 ? "diverging" : "sequential") : this.map;
    return colourise(this.values, colourMap(name, theme()), low, high);
  }

  /** @param {number} row @param {number} column */
  outside(row, column) {
    if (!this.border) return false;
    const { top, left, bottom, right } = this.border;
    const rows = this.values.length / this.columns;
    return row < top || column < left || row >= rows - bottom || column >= this.columns - right;
  }

  /** @param {MouseEvent} event @param {import("./press.js").Place} place @returns {Cell | null} */
  cellAt({ currentTarget }, { clientX, clientY }) {
    const rows = this.values.length / this.columns;
    const box = /** @type {Element} */ (currentTarget).getBoundingClientRect();
    const row = Math.floor(((clientY - box.top) / box.height) * rows);
    const column = Math.floor(((clientX - box.left) / box.width) * this.columns);
    return row >= 0 && column >= 0 && row < rows && column < this.columns ? { row, column } : null;
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    if (!this.still) this.show(this.cellAt(event, event));
  }

  /** @param {Cell | null} cell */
  show(cell) {
    if (this.still || (cell?.row === this.cell?.row && cell?.column === this.cell?.column)) return;
    this.cell = cell;
    this.send("cell", cell);
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const cell = this.cellAt(event, this.press.placeOf(event));
    if (cell && !this.still) this.send("pin", cell);
  }

  /** @param {"cell" | "pin"} name @param {Cell | null} detail */
  send(name, detail) {
    this.emit(name, detail);
  }
}

customElements.define("lente-matrix", LenteMatrix);
