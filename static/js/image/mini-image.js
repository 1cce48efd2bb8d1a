import { html } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { fetchPicture } from "../shared/pictures/pictures.js";
import { centreSquare } from "../shared/tensors.js";
import "../shared/ui/lente-map.js";

const SIDE = 5;
/** Longest side in pixels, of which 68 × 68 are shown; the other miniatures ask for the same picture. */
const SIZE = 102;

/** A photograph, and the numbers around the place that is touched. */
export class MiniImage extends Miniature {
  static properties = { ...Miniature.properties, picture: { state: true }, cell: { state: true } };

  constructor() {
    super();
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.picture = null;
    this.cell = { row: 34, column: 34 };
  }

  async load() {
    this.picture = centreSquare(await fetchPicture("sample-cat", SIZE));
    const [, rows, columns] = this.picture.shape;
    this.cell = { row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  }

  exhibit() {
    const { row, column } = this.cell;
    const reach = (SIDE - 1) / 2;
    const window = { top: row - reach, left: column - reach, bottom: row + reach + 1, right: column + reach + 1 };
    return html`<div class="mini-pair" @cell=${this.onCell}>
      <lente-map
        class="mini-square"
        .tensor=${this.picture}
        .touched=${this.picture ? [window] : []}
        label=${t("A photograph of 68 × 68 pixels")}
      ></lente-map>
      <div class="mini-numbers mini-square" aria-hidden="true">
        ${Array.from({ length: SIDE * SIDE }, (_, i) => this.number(row - reach + Math.floor(i / SIDE), column - reach + (i % SIDE), i))}
      </div>
    </div>`;
  }

  /** The red value of a pixel, 0 to 255. @param {number} row @param {number} column @param {number} i */
  number(row, column, i) {
    const [, rows, columns] = this.picture?.shape ?? [3, 0, 0];
    const inside = row >= 0 && column >= 0 && row < rows && column < columns;
    const value = inside ? Math.round(255 * (this.picture?.data[row * columns + column] ?? 0)) : "";
    return html`<span class=${inside && i === (SIDE * SIDE - 1) / 2 ? "touched" : ""}>${value}</span>`;
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event */
  onCell({ detail }) {
    if (detail) this.cell = detail;
  }
}

customElements.define("mini-image", MiniImage);
