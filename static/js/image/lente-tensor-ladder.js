import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { exactNumber, formatNumber } from "../shared/numbers.js";
import { subTensor } from "../shared/tensors.js";
import { gridCell } from "../shared/ui/grid_keys.js";
import { paintColour } from "./painting.js";
import { EXAMPLES } from "./ladder.js";
import { CHANNELS, RUNGS, WORKED } from "./words.js";
import "../shared/ui/lente-matrix.js";
import "../shared/ui/lente-picture.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./state.js").ImageState} ImageState
 */

/**
 * Tensors from one axis to five, each with real data: the whole, what the first index picks of it, and so on down to
 * one number. Rendered in the page.
 *
 * @fires change-state - what changes in the state
 */
export class LenteTensorLadder extends LenteElement {
  static properties = { tensors: { attribute: false }, fault: { attribute: false }, state: { attribute: false } };

  constructor() {
    super();
    /** Tensors of rank 1 to 5; null while they are on their way. @type {(Tensor | null)[]} */ this.tensors = [];
    /** Why some never come. */ this.fault = "";
    /** @type {ImageState} */ this.state = /** @type {any} */ (null);
  }

  get tensor() {
    const { rank, example } = this.state;
    return (rank === 2 && EXAMPLES[example]) || (this.tensors[rank - 1] ?? null);
  }

  /** An index that lies inside the tensor. */
  get index() {
    const shape = this.tensor?.shape ?? [];
    return shape.map((side, axis) => Math.min(this.state.index[axis] ?? 0, side - 1));
  }

  render() {
    const { rank, example } = this.state;
    const rung = RUNGS[rank - 1];
    const worked = WORKED.find((one) => one.rank === rank && one.example === example);
    return html` <div class="segments" role="group" aria-label=${t("Axes of the tensor")}>
        ${RUNGS.map(
          ({ title }, i) =>
            html` <button
              type="button"
              data-rank=${i + 1}
              aria-pressed=${i + 1 === rank}
              @click=${() => this.send({ rank: i + 1, index: [], example: "picture" })}
            >
              <strong>${i + 1}D</strong>&nbsp;${t(title)}
            </button>`,
        )}
      </div>
      <div class="row">
        <span class="small">${t("Worked examples:")}</span>
        <span class="segments" role="group" aria-label=${t("Worked examples")}
          >${WORKED.map(
            (one) =>
              html`<button
                type="button"
                data-worked=${`${one.rank}-${one.example}`}
                aria-pressed=${one === worked}
                @click=${() => this.send({ rank: one.rank, index: [], example: one.example })}
              >
                ${t(one.title)}
              </button>`,
          )}</span
        >
      </div>
      <p class="rung-text">${t(rung.text)} ${worked ? t(worked.text) : nothing}</p>
      ${this.tensor ? this.rung(this.tensor, rung.axes) : this.fault ? notice(this.fault) : html`<p class="empty">${t("The pictures are on their way…")}</p>`}`;
  }

  /** @param {Tensor} tensor @param {string[]} axes */
  rung(tensor, axes) {
    const { shape } = tensor;
    const count = tensor.data.length;
    const value = subTensor(tensor, this.index).data[0];
    return html`<div class="rung">
      <div class="rung-levels">${this.levels(tensor)}</div>
      <div class="stack rung-facts">
        <p>
          <span class="small">${t("Shape")}</span>
          <output aria-live="off" data-shape
            ><strong>${shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`}</strong></output
          >
        </p>
        <p>
          <span class="small">${t("Values")}</span>
          <output aria-live="off" data-values
            >${shape.length > 1 ? `${shape.join(" × ")} = ` : nothing}<strong>${count}</strong></output
          >
        </p>
        <p>
          <span class="small">${t("Memory")}</span>
          <output aria-live="off" data-bytes>${this.bytes(shape.length, count)}</output>
        </p>
        ${shape.map(
          (side, axis) =>
            html`<label class="axis"
              ><span>${t(axes[axis])}</span
              ><input
                type="range"
                data-axis=${axis}
                min="0"
                max=${side - 1}
                .value=${String(this.index[axis])}
                @input=${(/** @type {Event} */ event) => this.move(axis, Number(/** @type {HTMLInputElement} */ (event.target).value))}
              /><output aria-live="off">${this.index[axis]}</output></label
            >`,
        )}
        <p class="picked">
          <output aria-live="off" data-picked
            >x[${this.index.join("][")}] = <strong>${this.write(value)}</strong></output
          >
        </p>
      </div>
      ${shape.length === 3 ? this.tables(tensor) : nothing}
    </div>`;
  }

  /** @param {number} rank @param {number} count */
  bytes(rank, count) {
    const floats = t("{count} bytes as float32 (4 each)", { count: 4 * count });
    const bytes = t("{count} bytes as whole numbers from 0 to 255 (1 each)", { count });
    return rank === 1 ? floats : html`${floats}<br />${bytes}`;
  }

  /** From the whole to the row: each level shows what the index above it picked. @param {Tensor} tensor */
  levels(tensor) {
    const { index } = this;
    const rank = tensor.shape.length;
    const from = (/** @type {number} */ axes) => subTensor(tensor, index.slice(0, rank - axes));
    return [
      rank > 3 ? this.pictures(tensor) : nothing,
      rank > 2 ? this.cube(from(3)) : nothing,
      rank === 3 ? nothing : rank > 1 ? this.matrix(from(2)) : this.vector(tensor),
    ];
  }

  /** The batch in a row, or clips by frames. @param {Tensor} tensor */
  pictures(tensor) {
    const places = tensor.shape.slice(0, -3);
    const columns = places[places.length - 1];
    const chosen = this.index.slice(0, places.length).join();
    const all = Array.from({ length: places.reduce((a, b) => a * b, 1) }, (_, i) =>
      places.length > 1 ? [Math.floor(i / columns), i % columns] : [i],
    );
    return html`<div
      class="rung-pictures"
      style=${styleMap({ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` })}
    >
      ${all.map(
        (place) =>
          html` <button
            type="button"
            class="rung-picture"
            data-touched=${place.join() === chosen}
            aria-label="x[${place.join("][")}]"
            @click=${() => this.pick(place)}
          >
            <lente-picture
              still
              .pixels=${paintColour(subTensor(tensor, place))}
              .columns=${tensor.shape[tensor.shape.length - 1]}
            ></lente-picture>
          </button>`,
      )}
    </div>`;
  }

  /** @param {Tensor} cube (3, H, W) */
  cube(cube) {
    const rank = this.state.rank;
    const channel = this.index[rank - 3];
    const [, height, width] = cube.shape;
    const size = t("{height} rows and {width} columns in each", { height, width });
    return html`<div class="rung-cube">
      ${[0, 1, 2].map(
        (c) =>
          html`<button
            type="button"
            class="rung-slice"
            data-touched=${c === channel}
            @click=${() => this.move(rank - 3, c)}
          >
            <lente-picture still .pixels=${slicePixels(subTensor(cube, [c]), c)} .columns=${width}></lente-picture
            ><span>${t(CHANNELS[c])}</span>
          </button>`,
      )} <span class="small">${size}</span>
    </div>`;
  }

  /** All matrices of a cube at once, the same place in each. @param {Tensor} cube (3, H, W) */
  tables(cube) {
    return html`<div class="rung-tables">
      ${CHANNELS.map(
        (name, c) =>
          html`<figure data-table=${c}>
            <figcaption>${t(name)}</figcaption>
            ${this.matrix(subTensor(cube, [c]), c)}
          </figure>`,
      )}
    </div>`;
  }

  /** @param {Tensor} matrix (H, W) @param {number} [channel] of several that are shown */
  matrix({ shape: [, width], data }, channel) {
    const { rank } = this.state;
    const [row, column] = this.index.slice(-2);
    const chosen = rank > 2 ? this.index[rank - 3] : null;
    const tint = channel ?? chosen;
    const here = channel === undefined || channel === chosen;
    const pixels = new Uint32Array(slicePixels({ shape: [1, width], data }, tint).buffer);
    return html`<lente-matrix
      class="rung-matrix"
      .values=${data}
      .columns=${width}
      .pixels=${pixels}
      .format=${(/** @type {number} */ value) => this.write(value)}
      label=${channel === undefined ? t("Matrix") : t(CHANNELS[channel])}
      .box=${here ? { top: row, left: 0, bottom: row + 1, right: width } : { top: row, left: column, bottom: row + 1, right: column + 1 }}
      .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => here && r === row && c === column}
      @cell=${(/** @type {CustomEvent<{row: number, column: number} | null>} */ event) => this.onCell(event, tint)}
      @keydown=${this.onKey}
    ></lente-matrix>`;
  }

  /** @param {Tensor} vector */
  vector({ data }) {
    const [place] = this.index;
    return html`<lente-matrix
      class="rung-vector"
      .values=${data}
      .columns=${data.length}
      .format=${(/** @type {number} */ value) => exactNumber(value, 6)}
      label=${t("Vector")}
      .isTouched=${(/** @type {number} */ _, /** @type {number} */ c) => c === place}
      @cell=${(/** @type {CustomEvent<{row: number, column: number} | null>} */ { detail }) => detail && this.move(0, detail.column)}
      @keydown=${this.onKey}
    ></lente-matrix>`;
  }

  /** A picture's value as the visitor wants it; the vector's numbers are no pixels. @param {number} value */
  write(value) {
    const { rank, example } = this.state;
    if (rank === 1) return exactNumber(value, 6);
    if (rank === 2 && example === "letter") return exactNumber(value, 3);
    return this.state.notation === "1" ? formatNumber(value, 2) : String(Math.round(value * 255));
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event @param {number | null} channel of the matrix */
  onCell({ detail }, channel) {
    if (!detail) return;
    const above = this.index.slice(0, -2);
    if (channel !== null) above[above.length - 1] = channel;
    this.send({ index: [...above, detail.row, detail.column] });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const [column, row = 0, ...above] = [...this.index].reverse();
    const [columns, rows = 1] = [.../** @type {Tensor} */ (this.tensor).shape].reverse();
    const cell = gridCell(event, { row, column }, [rows, columns]);
    if (!cell) return;
    event.preventDefault();
    this.send({ index: [cell.column, cell.row, ...above].slice(0, this.index.length).reverse() });
  }

  /** @param {number[]} place */
  pick(place) {
    this.send({ index: [...place, ...this.index.slice(place.length)] });
  }

  /** @param {number} axis @param {number} to */
  move(axis, to) {
    const shape = /** @type {Tensor} */ (this.tensor).shape;
    const index = this.index.map((at, i) => (i === axis ? Math.min(Math.max(to, 0), shape[axis] - 1) : at));
    this.send({ index });
  }

  /** @param {Partial<ImageState>} detail */
  send(detail) {
    this.emit("change-state", detail);
  }
}

/** One matrix in grey, or in its channel's colour. @param {Tensor} matrix (H, W) @param {number | null} channel */
function slicePixels({ data }, channel) {
  const pixels = new Uint8ClampedArray(4 * data.length);
  for (let i = 0; i < data.length; i++) {
    for (let c = 0; c < 3; c++) if (channel === null || channel === c) pixels[4 * i + c] = data[i] * 255;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

customElements.define("lente-tensor-ladder", LenteTensorLadder);
