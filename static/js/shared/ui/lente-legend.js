import { css, html } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { repaintOnTheme, theme } from "../../frame/theme.js";
import { colourMap } from "../colours.js";
import { formatNumber } from "../numbers.js";

/** The colours of a map with the numbers that they stand for. */
export class LenteLegend extends ShadowElement {
  static properties = { low: { type: Number }, high: { type: Number }, map: { type: String }, note: { type: String } };

  static styles = css`
    :host {
      display: inline-grid;
      grid-template-columns: max-content minmax(5rem, 10rem) 1fr;
      gap: 0.15rem 0.5rem;
      align-items: center;
      font: var(--size-figure) var(--figures);
      color: var(--ink-soft);
    }
    canvas {
      width: 100%;
      height: 0.7rem;
      border: 1px solid var(--line);
    }
    .note {
      grid-column: 1 / -1;
      font-family: var(--prose);
    }
  `;

  constructor() {
    super();
    this.low = 0;
    this.high = 1;
    /** @type {import("../colours.js").MapName | "auto"} */ this.map = "auto";
    this.note = "";
    repaintOnTheme(this, () => this.requestUpdate());
  }

  render() {
    return html`<span>${formatNumber(this.low)}</span><canvas part="bar" width="256" height="1"></canvas
      ><span>${formatNumber(this.high)}</span> ${this.note ? html`<span class="note">${this.note}</span>` : ""}`;
  }

  updated() {
    const name = this.map === "auto" ? (this.low < 0 ? "diverging" : "sequential") : this.map;
    const colours = new Uint8ClampedArray(colourMap(name, theme()).slice().buffer);
    this.renderRoot
      .querySelector("canvas")
      ?.getContext("2d")
      ?.putImageData(new ImageData(colours, 256, 1), 0, 0);
  }
}

customElements.define("lente-legend", LenteLegend);
