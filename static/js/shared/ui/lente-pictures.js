import { css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { Press } from "./press.js";
import { gridPlace } from "./grid_keys.js";

const SIDE = 28;
const GAP = 2;

/**
 * Pictures of 28 x 28 values 0..1 side by side, light on dark, in one canvas.
 *
 * @fires point - the picture under the cursor (its index), or null when it leaves
 * @fires pick - the picture that was clicked, or confirmed with Enter
 */
export class LentePictures extends ShadowElement {
  static properties = {
    pictures: { attribute: false },
    columns: { type: Number },
    label: { type: String },
    chosen: { attribute: false },
    still: { type: Boolean },
  };

  static styles = css`
    :host {
      display: block;
      position: relative;
      line-height: 0;
    }
    canvas {
      width: 100%;
      height: auto;
      display: block;
      image-rendering: pixelated;
      background: var(--pictures-gap, transparent);
      border-radius: 2px;
    }
    canvas[tabindex="0"] {
      cursor: pointer;
    }
    canvas:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    .chosen {
      position: absolute;
      box-sizing: border-box;
      outline: 2px solid var(--touch);
      pointer-events: none;
    }
  `;

  constructor() {
    super();
    /** @type {Float32Array | null} N times 784 values */ this.pictures = null;
    this.columns = 1;
    this.label = "";
    /** @type {number | null} the one that is being touched */ this.chosen = null;
    this.still = false;
    this.press = new Press();
  }

  get count() {
    return (this.pictures?.length ?? SIDE * SIDE) / (SIDE * SIDE);
  }

  get rows() {
    return Math.ceil(this.count / this.columns) || 1;
  }

  render() {
    return html`<canvas
        width=${long(this.columns)}
        height=${long(this.rows)}
        role=${this.still ? "img" : "application"}
        aria-label=${this.label}
        tabindex=${this.still ? nothing : "0"}
        @pointermove=${this.onPoint}
        @pointerup=${this.press.note}
        @pointerleave=${() => this.send("point", null)}
        @click=${this.onClick}
        @keydown=${this.onKey}
      ></canvas>
      ${this.chosen === null ? "" : html`<div class="chosen" style=${styleMap(this.place(this.chosen))}></div>`}`;
  }

  updated() {
    this.paint();
  }

  paint() {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.pictures) return;
    const image = context.createImageData(canvas.width, canvas.height);
    for (let index = 0; index < this.count; index++) this.paintOne(image, index, this.pictures);
    context.putImageData(image, 0, 0);
  }

  /** @param {ImageData} image @param {number} index @param {Float32Array} pictures */
  paintOne(image, index, pictures) {
    const left = (index % this.columns) * (SIDE + GAP);
    const top = Math.floor(index / this.columns) * (SIDE + GAP);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const value = pictures[index * SIDE * SIDE + i];
      const grey = value <= 0 ? 0 : value >= 1 ? 255 : Math.round(value * 255);
      pixels[(top + Math.floor(i / SIDE)) * image.width + left + (i % SIDE)] = (0xff000000 | (grey * 0x010101)) >>> 0;
    }
  }

  /** @param {number} index */
  place(index) {
    const share = (/** @type {number} */ part, /** @type {number} */ count) => `${(100 * part) / long(count)}%`;
    return {
      left: share((index % this.columns) * (SIDE + GAP), this.columns),
      top: share(Math.floor(index / this.columns) * (SIDE + GAP), this.rows),
      width: share(SIDE, this.columns),
      height: share(SIDE, this.rows),
    };
  }

  /** @param {MouseEvent} event @param {import("./press.js").Place} place @returns {number | null} */
  indexAt({ currentTarget }, { clientX, clientY }) {
    const box = /** @type {Element} */ (currentTarget).getBoundingClientRect();
    const column = Math.floor(((clientX - box.left) / box.width) * this.columns);
    const row = Math.floor(((clientY - box.top) / box.height) * this.rows);
    const index = row * this.columns + column;
    return column >= 0 && column < this.columns && index >= 0 && index < this.count ? index : null;
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    if (!this.still) this.send("point", this.indexAt(event, event));
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const index = this.indexAt(event, this.press.placeOf(event));
    if (index !== null && !this.still) this.send("pick", index);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (this.still) return;
    if (event.key === "Enter" && this.chosen !== null) this.send("pick", this.chosen);
    const next = gridPlace(event, this.chosen ?? 0, this.columns, this.count);
    if (next === null) return;
    event.preventDefault();
    this.send("point", this.chosen === null && event.key.startsWith("Arrow") ? 0 : next);
  }

  /** @param {"point" | "pick"} name @param {number | null} detail */
  send(name, detail) {
    this.emit(name, detail);
  }
}

/** Pixels of a row of `count` pictures. @param {number} count */
function long(count) {
  return count * SIDE + (count - 1) * GAP;
}

customElements.define("lente-pictures", LentePictures);
