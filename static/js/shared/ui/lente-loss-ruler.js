import { css, html, styleMap } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { formatNumber } from "../numbers.js";

/** @typedef {{value: number, title: string, own?: boolean}} Mark */

/** Losses on one scale, so that a figure means something. */
export class LenteLossRuler extends ShadowElement {
  static properties = { marks: { attribute: false }, decimals: { type: Number } };

  static styles = css`
    :host {
      display: grid;
      gap: 0.3rem;
      font-size: var(--size-small);
    }
    .mark {
      display: grid;
      grid-template-columns: minmax(0, 13rem) minmax(4rem, 1fr) 4rem;
      gap: 0.6rem;
      align-items: center;
      color: var(--ink-soft);
      line-height: 1.2;
    }
    .own {
      color: var(--ink);
      font-weight: 700;
    }
    i {
      height: 0.6rem;
      background: var(--line-strong);
      transform-origin: left;
    }
    .own i {
      background: var(--ink);
    }
    @media (max-width: 480px) {
      :host {
        gap: 0.45rem;
      }
      .mark {
        grid-template-columns: minmax(0, 1fr) 4rem;
        row-gap: 0.1rem;
      }
      .mark span {
        grid-column: 1 / -1;
      }
    }
    output {
      text-align: right;
      font: var(--size-figure) var(--figures);
    }
  `;

  constructor() {
    super();
    /** @type {Mark[]} */ this.marks = [];
    this.decimals = 1;
  }

  render() {
    const sorted = this.marks.toSorted((a, b) => a.value - b.value);
    const most = Math.max(...sorted.map(({ value }) => value), 1e-9);
    return sorted.map(
      ({ value, title, own }) =>
        html`<div class="mark ${own ? "own" : ""}">
          <span>${title}</span> <i style=${styleMap({ transform: `scaleX(${value / most})` })}></i
          ><output aria-live="off">${formatNumber(value, this.decimals)}</output>
        </div>`,
    );
  }
}

customElements.define("lente-loss-ruler", LenteLossRuler);
