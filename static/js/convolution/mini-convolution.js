import { html } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { fetchPicture } from "../shared/pictures/pictures.js";
import { centreSquare, toGrey } from "../shared/tensors.js";
import { convolve } from "./arithmetic.js";
import "../shared/ui/lente-map.js";

const SOBEL = [
  [
    [
      [1, 0, -1],
      [2, 0, -2],
      [1, 0, -1],
    ],
  ],
];
const RANGE = { low: -2, high: 2 };

/** A photograph and its vertical edges, with the window that makes one from the other. */
export class MiniConvolution extends Miniature {
  static properties = {
    ...Miniature.properties,
    input: { state: true },
    output: { state: true },
    cell: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.input = null;
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.output = null;
    this.cell = { row: 40, column: 40 };
  }

  async load() {
    const grey = toGrey(centreSquare(await fetchPicture("sample-skyline", 120)));
    const edges = convolve(grey, SOBEL);
    this.input = { shape: grey.shape.slice(1), data: grey.data };
    this.output = { shape: edges.shape.slice(1), data: edges.data };
  }

  exhibit() {
    const { row, column } = this.cell;
    const window = { top: row, left: column, bottom: row + 3, right: column + 3 };
    const cell = { top: row, left: column, bottom: row + 1, right: column + 1 };
    return html`<div class="mini-pair">
      <lente-map
        class="mini-square"
        map="grey"
        .tensor=${this.input}
        .range=${{ low: 0, high: 1 }}
        .touched=${this.input ? [window] : []}
        label=${t("The picture")}
        @cell=${(/** @type {CustomEvent} */ { detail }) => this.touch(detail, 1)}
      ></lente-map>
      <lente-map
        class="mini-square"
        .tensor=${this.output}
        .range=${RANGE}
        .touched=${this.output ? [cell] : []}
        label=${t("Its vertical edges")}
        @cell=${(/** @type {CustomEvent} */ { detail }) => this.touch(detail, 0)}
      ></lente-map>
    </div>`;
  }

  /** @param {{row: number, column: number} | null} cell @param {number} centre from the touched cell to the window's corner */
  touch(cell, centre) {
    if (!cell || !this.output) return;
    const [rows, columns] = this.output.shape;
    this.cell = {
      row: Math.min(Math.max(cell.row - centre, 0), rows - 1),
      column: Math.min(Math.max(cell.column - centre, 0), columns - 1),
    };
  }
}

customElements.define("mini-convolution", MiniConvolution);
