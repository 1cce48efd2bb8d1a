import { css, html } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { repaintOnTheme } from "../frame/theme.js";
import { inks } from "./plane/painting.js";
import { warpColours } from "./warp.js";

const MARGIN = 14;

/** The grid of the latent plane, every corner where its decoded picture lies among pictures. */
export class LenteWarpedGrid extends ShadowElement {
  static properties = { warp: { attribute: false }, at: { attribute: false }, label: { type: String } };

  static styles = css`
    :host {
      display: block;
      aspect-ratio: 5 / 4;
    }
    canvas {
      width: 100%;
      height: 100%;
      display: block;
      box-sizing: border-box;
      border: 1px solid var(--line);
      border-radius: 4px;
      background: var(--surface);
    }
  `;

  constructor() {
    super();
    /** @type {import("./warp.js").LatentWarp | null} */ this.warp = null;
    /** @type {[number, number] | null} what is being touched */ this.at = null;
    this.label = "";
    repaintOnTheme(this, () => this.paint());
    this.observer = new ResizeObserver(() => this.paint());
  }

  connectedCallback() {
    super.connectedCallback();
    this.observer.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }

  updated() {
    this.paint();
  }

  paint() {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.clientWidth) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(this.clientWidth * ratio);
    canvas.height = Math.round(this.clientHeight * ratio);
    context.scale(ratio, ratio);
    if (this.warp) this.paintGrid(context, this.warp);
  }

  /** @param {CanvasRenderingContext2D} context @param {import("./warp.js").LatentWarp} warp */
  paintGrid(context, warp) {
    const colours = inks(this);
    const fit = fitted(warp.places, [this.clientWidth, this.clientHeight]);
    context.strokeStyle = colours.soft;
    context.lineWidth = 0.5;
    warpColours(warp).forEach((pixel, cell) => {
      const corner = Math.floor(cell / warp.cells) * (warp.cells + 1) + (cell % warp.cells);
      const corners = [corner, corner + 1, corner + warp.cells + 2, corner + warp.cells + 1];
      context.fillStyle = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255} / 0.85)`;
      context.beginPath();
      for (const one of corners) context.lineTo(...fit(warp.places[one]));
      context.closePath();
      context.fill();
      context.stroke();
    });
    if (this.at) paintAt(context, fit(this.at), colours);
  }
}

/** @param {CanvasRenderingContext2D} context @param {[number, number]} at @param {import("./plane/painting.js").Inks} colours */
function paintAt(context, [column, row], colours) {
  context.strokeStyle = colours.touch;
  context.fillStyle = colours.touchSoft;
  context.lineWidth = 3;
  context.beginPath();
  context.arc(column, row, 7, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

/** From places to pixels, one scale for both directions. @param {[number, number][]} places @param {[number, number]} size */
function fitted(places, [width, height]) {
  const [low, high] = [Math.min, Math.max].map((end) => [0, 1].map((i) => end(...places.map((place) => place[i]))));
  const scale = Math.min((width - 2 * MARGIN) / (high[0] - low[0]), (height - 2 * MARGIN) / (high[1] - low[1]));
  const middle = [0, 1].map((i) => (low[i] + high[i]) / 2);
  return (/** @type {[number, number]} */ [x, y]) =>
    /** @type {[number, number]} */ ([width / 2 + (x - middle[0]) * scale, height / 2 - (y - middle[1]) * scale]);
}

customElements.define("lente-warped-grid", LenteWarpedGrid);
