import { classMap, css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { marked } from "../frame/decimal.js";
import { t } from "../frame/i18n.js";
import { exactNumber, sumNumber } from "../shared/numbers.js";

/**
 * @typedef {import("./window.js").Part} Part
 * @typedef {import("./window.js").Term} Term
 */

/** More columns than this may need to be scrolled sideways, which keys must be able to do. */
const WIDE = 4;

/**
 * The arithmetic of one value of a convolution: value x weight for every weight, the sum, the divisor, the bias, the
 * result, and what is painted for it.
 *
 * @fires term - the term under the cursor ({part, row, column}), or null
 */
export class LenteInspector extends ShadowElement {
  static properties = {
    parts: { attribute: false },
    names: { attribute: false },
    divisor: { type: Number },
    bias: { type: Number },
    value: { type: Number },
    painted: { type: String },
    secret: { type: Boolean },
    touched: { attribute: false },
  };

  static styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .parts {
      display: flex;
      flex-wrap: wrap;
      gap: 0.6rem 1.2rem;
      justify-content: center;
    }
    .part {
      min-width: 0;
      max-width: 100%;
      overflow-x: auto;
    }
    .part:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    .tiles {
      display: grid;
      gap: 2px;
      font: 500 0.8125rem/1.35 var(--figures);
      font-variant-numeric: tabular-nums;
    }
    .tile {
      text-align: right;
      padding: 0.15rem 0.4rem;
      min-width: 3.4rem;
      background: var(--sunken);
      border-radius: 3px;
      white-space: nowrap;
    }
    .tile b {
      font-weight: 650;
    }
    .tile.touched {
      box-shadow: inset 0 0 0 2px var(--touch);
    }
    .tile.none {
      color: var(--ink-faint);
    }
    .weight {
      color: var(--ink-soft);
    }
    .part-name {
      margin: 0 0 0.2rem;
      font: 600 var(--size-small)/1.2 var(--prose);
    }
    .partial {
      text-align: right;
      font: 500 0.875rem/1.5 var(--figures);
      padding-right: 0.4rem;
    }
    .sum {
      margin: 0.5rem 0 0;
      text-align: center;
      font: 500 max(0.9375rem, var(--size-figure))/1.5 var(--figures);
      font-variant-numeric: tabular-nums;
      overflow-wrap: anywhere;
    }
    .sum strong {
      font-size: 1.15em;
    }
    .painted {
      margin: 0.1rem 0 0;
      text-align: center;
      text-wrap: balance;
      font-size: var(--size-small);
      color: var(--ink-soft);
      min-height: 1.5em;
    }
  `;

  constructor() {
    super();
    /** @type {Part[]} */ this.parts = [];
    /** @type {string[]} */ this.names = [];
    this.divisor = 1;
    this.bias = 0;
    this.value = 0;
    /** How the value is painted, in words. */ this.painted = "";
    /** Products and sums are not shown: somebody is working them out. */ this.secret = false;
    /** @type {{slice: number, row: number, column: number} | null} */ this.touched = null;
  }

  render() {
    return html`<div class="parts">${this.parts.map((part, i) => this.group(part, i))}</div>
      <p class="sum">${this.secret ? "…" : this.sum()}</p>
      <p class="painted" aria-live="off">${this.secret ? "" : this.painted}</p>`;
  }

  /** @param {Part} part @param {number} i */
  group(part, i) {
    const several = this.parts.length > 1;
    const columns = `repeat(${part.terms[0].length}, auto)`;
    const wide = part.terms[0].length > WIDE;
    return html`<div
      class="part"
      tabindex=${wide ? "0" : nothing}
      role="group"
      aria-label=${several ? this.names[i] : t("products")}
    >
      ${several ? html`<p class="part-name">${this.names[i]}</p>` : nothing}
      <div class="tiles" style=${styleMap({ gridTemplateColumns: columns })}>
        ${part.terms.map((row, u) => row.map((term, v) => this.tile(term, i, u, v)))}
      </div>
      ${several ? html`<div class="partial">Σ = ${this.secret ? "…" : sumNumber(part.sum)}</div>` : nothing}
    </div>`;
  }

  /** @param {Term} term @param {number} part @param {number} u @param {number} v */
  tile(term, part, u, v) {
    const { touched } = this;
    const on =
      touched !== null && touched.row === u && touched.column === v && (touched.slice === part || touched.slice < 0);
    const [value, weight, product] = [term.value, term.weight, term.product].map((one) => marked(String(one)));
    const full = `${value} × ${weight} = ${product}`;
    return html`<div
      class=${classMap({ tile: true, touched: on, none: term.weight === 0 })}
      title=${this.secret ? "" : full}
      @pointerenter=${() => this.point({ slice: part, row: u, column: v })}
      @pointerleave=${() => this.point(null)}
    >
      ${short(term.value)} <span class="weight">× ${short(term.weight)}</span><br /><b
        >${this.secret ? "…" : short(term.product)}</b
      >
    </div>`;
  }

  sum() {
    const sum = this.parts.reduce((total, part) => total + part.sum, 0);
    const several = this.parts.length > 1;
    const parts = several ? this.parts.map(({ sum: one }) => signed(one)).join(" + ") : "Σ";
    const steps = [several ? `${parts} = ${sumNumber(sum)}` : `Σ = ${sumNumber(sum)}`];
    if (this.divisor !== 1)
      steps.push(`${sumNumber(sum)} ÷ ${exactNumber(this.divisor)} = ${sumNumber(sum / this.divisor)}`);
    if (this.bias !== 0)
      steps.push(`${sumNumber(sum / this.divisor)} + ${signed(this.bias)} = ${sumNumber(this.value)}`);
    return html`${steps.slice(0, -1).map((step) => html`${step}<br />`)}${last(steps[steps.length - 1])}`;
  }

  /** @param {{slice: number, row: number, column: number} | null} detail */
  point(detail) {
    this.tell("term", detail);
  }
}

/** @param {number} value */
const short = (value) => exactNumber(value, 4);

/** @param {number} value */
const signed = (value) => (value < 0 ? `(${sumNumber(value)})` : sumNumber(value));

/** The result of a step stands out. @param {string} step */
function last(step) {
  const at = step.lastIndexOf("= ") + 2;
  return html`${step.slice(0, at)}<strong data-result>${step.slice(at)}</strong>`;
}

customElements.define("lente-inspector", LenteInspector);
