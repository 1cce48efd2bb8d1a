import { classMap, css, html, styleMap } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { exactNumber, listMark, sumNumber } from "../shared/numbers.js";

/** The arithmetic of one pooled value: which input won, or how the mean comes about. */
export class LentePoolInspector extends ShadowElement {
  static properties = { kind: { type: String }, values: { attribute: false }, secret: { type: Boolean } };

  static styles = css`
    :host {
      display: block;
      text-align: center;
      min-width: 0;
      overflow-x: auto;
    }
    .tiles {
      display: inline-grid;
      gap: 2px;
      font: 500 max(0.9375rem, var(--size-figure))/1.4 var(--figures);
    }
    .tile {
      padding: 0.3rem 0.8rem;
      background: var(--sunken);
      border-radius: 3px;
      min-width: 3rem;
    }
    .winner {
      box-shadow: inset 0 0 0 2px var(--touch);
      font-weight: 700;
    }
    .sum {
      margin: 0.5rem 0 0;
      font: 500 max(0.9375rem, var(--size-figure))/1.5 var(--figures);
      overflow-wrap: anywhere;
    }
    .sum strong {
      font-size: 1.15em;
    }
    .note {
      margin: 0;
      font-size: var(--size-small);
      color: var(--ink-soft);
    }
  `;

  constructor() {
    super();
    /** @type {"max" | "average"} */ this.kind = "max";
    /** @type {number[][]} */ this.values = [[0]];
    this.secret = false;
  }

  render() {
    const flat = this.values.flat();
    const winner = this.kind === "max" && !this.secret ? flat.indexOf(Math.max(...flat)) : -1;
    return html`<div class="tiles" style=${styleMap({ gridTemplateColumns: `repeat(${this.values[0].length}, auto)` })}>
        ${flat.map((value, i) => html`<div class=${classMap({ tile: true, winner: i === winner })}>${exactNumber(value, 5)}</div>`)}
      </div>
      <p class="sum">${this.secret ? "…" : this.arithmetic(flat)}</p>
      <p class="note">
        ${this.kind === "max" ? t("The largest value wins; the others are forgotten.") : t("All values count the same.")}
      </p>`;
  }

  /** @param {number[]} flat */
  arithmetic(flat) {
    const sum = flat.reduce((total, value) => total + value, 0);
    const list = flat.map((value) => exactNumber(value, 5));
    const few = flat.length <= 9;
    if (this.kind === "max")
      return html`max(${few ? list.join(listMark()) : "…"}) =
        <strong data-result>${sumNumber(Math.max(...flat))}</strong>`;
    return html`${few ? `(${list.join(" + ")})` : sumNumber(sum)} ÷ ${flat.length} =
      <strong data-result>${sumNumber(sum / flat.length)}</strong>`;
  }
}

customElements.define("lente-pool-inspector", LentePoolInspector);
