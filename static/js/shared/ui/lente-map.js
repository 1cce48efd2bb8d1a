import { css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { repaintOnTheme, theme } from "../../frame/theme.js";
import { colourMap, colourise, valueRange } from "../colours.js";
import { Press } from "./press.js";
import { gridCell } from "./grid_keys.js";

/**
 * @typedef {{row: number, column: number}} Cell
 * @typedef {{top: number, left: number, bottom: number, right: number}} Box in cells, bottom and right outside; fractions and
 *   places outside the map are legal
 * @typedef {import("../safetensors.js").Tensor} Tensor
 */

/**
 * A tensor as a picture, one canvas pixel for each value: (H, W) through a colour map, (3, H, W) as colour 0..1.
 *
 * Boxes in `touched` are drawn in the colour of what is being touched; everything that shows the same cell shows the
 * same box.
 *
 * @fires cell - the cell under the cursor, finger or arrow keys ({row, column}), or null when it leaves
 * @fires pin - the cell that was clicked or confirmed with Enter
 */
export class LenteMap extends ShadowElement {
  static properties = {
    tensor: { attribute: false },
    range: { attribute: false },
    map: { type: String },
    touched: { attribute: false },
    label: { type: String },
    still: { type: Boolean },
  };

  static styles = css`
    :host {
      display: block;
      position: relative;
      line-height: 0;
    }
    .stage {
      position: relative;
      width: 100%;
      height: 100%;
      overflow: hidden;
      outline-offset: 2px;
    }
    .stage[tabindex] {
      cursor: crosshair;
      touch-action: pan-y;
    }
    .stage:focus-visible {
      outline: 2px solid var(--ink);
    }
    canvas {
      width: 100%;
      height: 100%;
      display: block;
      image-rendering: pixelated;
    }
    .box {
      position: absolute;
      box-sizing: border-box;
      outline: 2px solid var(--touch);
      background: var(--touch-soft);
      pointer-events: none;
    }
  `;

  constructor() {
    super();
    /** @type {Tensor | null} */ this.tensor = null;
    /** @type {{low: number, high: number} | null} the tensor's own range if null */ this.range = null;
    /** @type {import("../colours.js").MapName | "auto"} */ this.map = "auto";
    /** @type {Box[]} */ this.touched = [];
    this.label = "";
    /** No cursor of its own: it only shows. */ this.still = false;
    /** @type {Cell | null} */ this.cell = null;
    this.press = new Press();
    repaintOnTheme(this, () => this.paint());
  }

  render() {
    const [rows, columns] = this.size;
    return html`<div
      class="stage"
      role=${this.still ? (this.label ? "img" : "presentation") : "application"}
      aria-label=${this.label || nothing}
      tabindex=${this.still ? nothing : "0"}
      @pointermove=${this.onPoint}
      @pointerdown=${this.onPoint}
      @pointerup=${this.press.note}
      @pointerleave=${() => this.show(null)}
      @click=${this.onClick}
      @keydown=${this.onKey}
    >
      <canvas width=${columns} height=${rows}></canvas>
      ${this.touched.map((box) => html`<div class="box" style=${styleMap(place(box, rows, columns))}></div>`)}
    </div>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("tensor") || changed.has("range") || changed.has("map")) this.paint();
  }

  /** Rows and columns. @returns {[number, number]} */
  get size() {
    const shape = this.tensor?.shape ?? [1, 1];
    return [shape[shape.length - 2], shape[shape.length - 1]];
  }

  paint() {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.tensor) return;
    const [rows, columns] = this.size;
    const pixels = this.tensor.shape.length === 3 ? colour(this.tensor) : this.scalar();
    context.putImageData(
      new ImageData(new Uint8ClampedArray(/** @type {ArrayBuffer} */ (pixels.buffer)), columns, rows),
      0,
      0,
    );
  }

  scalar() {
    const { data } = /** @type {Tensor} */ (this.tensor);
    const { low, high } = this.range ?? valueRange(data);
    const name = this.map === "auto" ? (low < 0 ? "diverging" : "sequential") : this.map;
    return colourise(data, colourMap(name, theme()), low, high);
  }

  /** @param {MouseEvent} event @param {import("./press.js").Place} place @returns {Cell | null} */
  cellAt({ currentTarget }, { clientX, clientY }) {
    const [rows, columns] = this.size;
    const box = /** @type {Element} */ (currentTarget).getBoundingClientRect();
    const row = Math.floor(((clientY - box.top) / box.height) * rows);
    const column = Math.floor(((clientX - box.left) / box.width) * columns);
    return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : null;
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    if (!this.still) this.show(this.cellAt(event, event));
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const cell = this.cellAt(event, this.press.placeOf(event));
    if (cell && !this.still) this.send("pin", cell);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Enter" && this.cell) this.send("pin", this.cell);
    const from = this.cell ?? { row: 0, column: 0 };
    const [rows, columns] = this.size;
    const to = this.still ? null : gridCell(event, from, [rows, columns]);
    if (!to) return;
    event.preventDefault();
    this.show(this.cell || !event.key.startsWith("Arrow") ? to : from);
  }

  /** @param {Cell | null} cell */
  show(cell) {
    if (cell?.row === this.cell?.row && cell?.column === this.cell?.column) return;
    this.cell = cell;
    this.send("cell", cell);
  }

  /** @param {"cell" | "pin"} name @param {Cell | null} detail */
  send(name, detail) {
    this.emit(name, detail);
  }
}

/**
 * @param {Box} box
 * @param {number} rows
 * @param {number} columns
 */
function place({ top, left, bottom, right }, rows, columns) {
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  return {
    top: share(top, rows),
    left: share(left, columns),
    height: share(bottom - top, rows),
    width: share(right - left, columns),
  };
}

/** @param {Tensor} tensor (3, H, W), 0..1 */
function colour({ data, shape }) {
  const count = shape[1] * shape[2];
  const pixels = new Uint8ClampedArray(count * 4);
  for (let i = 0; i < count; i++) {
    pixels[4 * i] = data[i] * 255;
    pixels[4 * i + 1] = data[count + i] * 255;
    pixels[4 * i + 2] = data[2 * count + i] * 255;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

customElements.define("lente-map", LenteMap);
