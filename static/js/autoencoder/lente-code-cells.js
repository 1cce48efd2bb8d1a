import { classMap, css, html, styleMap } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { withColon } from "../frame/i18n.js";
import { marked } from "../frame/decimal.js";
import { repaintOnTheme, theme } from "../frame/theme.js";
import { colourMap, inkOn } from "../shared/colours.js";
import { formatNumber, numberList } from "../shared/numbers.js";

/** A code as cells with their numbers, coloured about zero. */
export class LenteCodeCells extends ShadowElement {
  static properties = {
    values: { attribute: false },
    reach: { type: Number },
    touched: { attribute: false },
    label: { type: String },
  };

  static styles = css`
    :host {
      display: block;
    }
    .cells {
      display: grid;
      gap: 2px;
      grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
      font: 500 max(12px, 0.72rem)/1 var(--figures);
      font-variant-numeric: tabular-nums;
    }
    .cell {
      display: grid;
      place-items: center;
      min-height: 1.35rem;
      border-radius: 2px;
    }
    .few .cell {
      min-height: 2.4rem;
      font-size: var(--size-figure);
    }
    .many {
      font-size: max(12px, 0.62rem);
    }
    .touched {
      outline: 2px solid var(--touch);
      outline-offset: 1px;
    }
  `;

  constructor() {
    super();
    /** @type {number[]} */ this.values = [];
    /** the size at which colours are strongest */ this.reach = 1;
    /** @type {number | null} the number that is being touched */ this.touched = null;
    this.label = "";
    repaintOnTheme(this, () => this.requestUpdate());
  }

  render() {
    const { length } = this.values;
    const table = colourMap("diverging", theme());
    const columns = length > 16 ? 4 : length > 8 ? 2 : 1;
    return html`<div
      class=${classMap({ cells: true, few: length <= 4, many: length > 16 })}
      role="img"
      aria-label=${`${withColon(this.label)} ${numberList(this.values, 2)}`}
      style=${styleMap({ "--columns": String(columns) })}
    >
      ${this.values.map((value, i) => this.cell(value, i, table))}
    </div>`;
  }

  /** @param {number} value @param {number} index @param {Uint32Array} table */
  cell(value, index, table) {
    const pixel = table[Math.min(Math.max(Math.round(128 + (127 * value) / this.reach), 0), 255)];
    const background = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
    return html`<span
      class=${classMap({ cell: true, touched: this.touched === index })}
      title=${marked(String(value))}
      style=${styleMap({ background, color: inkOn(pixel) })}
      >${formatNumber(value, this.values.length > 8 ? 1 : 2)}</span
    >`;
  }
}

customElements.define("lente-code-cells", LenteCodeCells);
