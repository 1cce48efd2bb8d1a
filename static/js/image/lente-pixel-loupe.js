import { html, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t, withColon } from "../frame/i18n.js";
import { hexColour } from "../shared/colours.js";
import { exactNumber, formatNumber } from "../shared/numbers.js";
import { paintColour } from "./painting.js";
import { CHANNELS, NOTATIONS } from "./words.js";
import { Room } from "../shared/ui/room.js";
import { gridCell } from "../shared/ui/grid_keys.js";
import "../shared/ui/lente-matrix.js";
import "../shared/ui/lente-picture.js";

/** @typedef {import("./state.js").ImageState} ImageState */

const ROWS = 7;

/**
 * A picture beside the numbers around the cursor: the same square is touched in both. Rendered in the page.
 *
 * @fires change-state - what changes in the state
 */
export class LentePixelLoupe extends LenteElement {
  static properties = {
    tensor: { attribute: false },
    state: { attribute: false },
    centre: { state: true },
    columns: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../shared/safetensors.js").Tensor} (3, H, W), 0..1 */ this.tensor = {
      shape: [3, 1, 1],
      data: new Float32Array(3),
    };
    /** @type {ImageState} */ this.state = /** @type {any} */ (null);
    /** Middle of the numbers, row and column. @type {[number, number] | null} */ this.centre = null;
    /** Numbers in a row: fewer where there is less room. */ this.columns = 11;
    this.pixels = new Uint8ClampedArray(4);
    this.room = new Room(this, () => this.querySelector(".loupe-table"));
    this.narrow = matchMedia("(max-width: 560px)");
    this.onWidth = () => (this.columns = this.narrow.matches ? 8 : 11);
  }

  connectedCallback() {
    super.connectedCallback();
    this.narrow.addEventListener("change", this.onWidth);
    this.onWidth();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.narrow.removeEventListener("change", this.onWidth);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("tensor")) this.pixels = paintColour(this.tensor);
    if (changed.has("tensor")) this.centre = null;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("state")) announce(() => this.querySelector("[data-pixel]")?.textContent);
  }

  /** The pixel that is touched, inside the picture. @returns {[number, number]} */
  get unit() {
    const [, height, width] = this.tensor.shape;
    return [Math.min(this.state.unit[0], height - 1), Math.min(this.state.unit[1], width - 1)];
  }

  /** What the numbers show: rows and columns around the centre. */
  view() {
    const [, height, width] = this.tensor.shape;
    const [row, column] = this.centre ?? this.unit;
    const hex = this.state.notation === "hex";
    const few = this.columns < 11; // as large a table as that of the other notations
    const [rows, columns] = hex ? (few ? [5, 6] : [4, 7]) : [ROWS, this.columns];
    const longest = { 255: "255", 1: "0.00", hex: "FFFFFF" }[this.state.notation];
    const [tall, wide] = [Math.min(rows, height), Math.min(columns, width, this.room.fitting([longest]))];
    const top = Math.min(Math.max(row - (tall >> 1), 0), height - tall);
    const left = Math.min(Math.max(column - (wide >> 1), 0), width - wide);
    return { top, left, bottom: top + tall, right: left + wide };
  }

  render() {
    const [, height, width] = this.tensor.shape;
    const [row, column] = this.unit;
    const view = this.view();
    const count = t("pixels, {count} numbers", { count: formatNumber(3 * height * width) });
    return html`<div class="loupe">
      <figure class="loupe-picture">
        <lente-picture
          style=${styleMap({ width: `min(100%, ${(58 * width) / height}vh)` })}
          .pixels=${this.pixels}
          .columns=${width}
          .cell=${{ row, column }}
          .touched=${[view, { top: row, left: column, bottom: row + 1, right: column + 1 }]}
          label=${t("The picture")}
          @cell=${this.onPicture}
          @pin=${this.onPicture}
        ></lente-picture>
        <figcaption><output aria-live="off" data-size>${width} × ${height}</output> ${count}</figcaption>
      </figure>
      <div class="loupe-numbers">
        <div class="row">${this.notations()}${this.channels()}</div>
        <div class="side-head">
          <h2>${this.heading}</h2>
          <output aria-live="off"
            >${t("rows {top} to {bottom}, columns {left} to {right}", { top: view.top, bottom: view.bottom - 1, left: view.left, right: view.right - 1 })}</output
          >
        </div>
        <div class="loupe-table" style=${styleMap({ aspectRatio: `${this.columns} / ${ROWS}` })}>
          ${this.table(view)}
        </div>
        ${this.words(row, column)}
      </div>
    </div>`;
  }

  /** What the numbers are of. */
  get heading() {
    if (this.state.notation === "hex") return t("The colour of each pixel");
    return [t("The red channel"), t("The green channel"), t("The blue channel")][this.state.channel];
  }

  /** @param {{top: number, left: number, bottom: number, right: number}} view */
  table({ top, left, bottom, right }) {
    const [, height, width] = this.tensor.shape;
    const across = right - left;
    const at = Array.from(
      { length: (bottom - top) * across },
      (_, i) => (top + Math.floor(i / across)) * width + left + (i % across),
    );
    const hex = this.state.notation === "hex";
    const { data } = this.tensor;
    const count = height * width;
    const all = new Uint32Array(this.pixels.buffer);
    const values = hex ? at : at.map((i) => data[this.state.channel * count + i]);
    const [row, column] = this.unit;
    return html`<lente-matrix
      .values=${values}
      .columns=${across}
      .pixels=${Uint32Array.from(at, (i) => all[i])}
      .format=${(/** @type {number} */ value) => this.write(value)}
      .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => r + top === row && c + left === column}
      label=${t("Numbers around the cursor")}
      @keydown=${this.onKey}
      @cell=${(/** @type {CustomEvent<{row: number, column: number} | null>} */ event) => this.onNumber(event, top, left)}
    ></lente-matrix>`;
  }

  /** A value, or the colour at a place, as the visitor wants it. @param {number} value */
  write(value) {
    const { notation } = this.state;
    if (notation === "255") return String(Math.round(value * 255));
    if (notation === "1") return formatNumber(value, 2);
    return this.colourAt(value).slice(1);
  }

  /** @param {number} i */
  colourAt(i) {
    const { data, shape } = this.tensor;
    const count = shape[1] * shape[2];
    return hexColour(data[i], data[count + i], data[2 * count + i]);
  }

  /** @param {number} row @param {number} column */
  words(row, column) {
    const { data, shape } = this.tensor;
    const i = row * shape[2] + column;
    const bytes = [0, 1, 2].map((channel) => Math.round(data[channel * shape[1] * shape[2] + i] * 255));
    const numbers = this.state.notation === "1" ? bytes.map((byte) => exactNumber(byte / 255, 4)) : bytes;
    const place = t("row {row}, column {column}", { row, column });
    return html`<p class="loupe-words">
      <output aria-live="off" data-pixel
        >${withColon(place)} ${CHANNELS.map((name, c) => html`<span>${t(name)} <strong>${numbers[c]}</strong></span> `)}
        <strong>${this.colourAt(i)}</strong></output
      >
    </p>`;
  }

  notations() {
    return html`<span class="segments" role="group" aria-label=${t("How a number is written")}
      >${NOTATIONS.map(
        ([name, title]) =>
          html` <button
            type="button"
            data-notation=${name}
            aria-pressed=${name === this.state.notation}
            @click=${() => this.send({ notation: name })}
          >
            ${t(title)}
          </button>`,
      )}</span
    >`;
  }

  channels() {
    const all = this.state.notation === "hex";
    return html`<span class="segments" role="group" aria-label=${t("Channel whose numbers are shown")}
      >${CHANNELS.map(
        (name, i) =>
          html` <button
            type="button"
            data-channel=${i}
            ?disabled=${all}
            aria-pressed=${!all && i === this.state.channel}
            @click=${() => this.send({ channel: i })}
          >
            ${t(name)}
          </button>`,
      )}</span
    >`;
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event */
  onPicture({ detail }) {
    if (!detail) return;
    this.centre = [detail.row, detail.column];
    this.send({ unit: [detail.row, detail.column] });
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event @param {number} top @param {number} left */
  onNumber({ detail }, top, left) {
    if (!detail) return;
    this.centre ??= this.unit;
    this.send({ unit: [detail.row + top, detail.column + left] });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const [, height, width] = this.tensor.shape;
    const [row, column] = this.unit;
    const to = gridCell(event, { row, column }, [height, width]);
    if (!to) return;
    event.preventDefault();
    const unit = /** @type {[number, number]} */ ([to.row, to.column]);
    this.centre = unit;
    this.send({ unit });
  }

  /** @param {Partial<ImageState>} detail */
  send(detail) {
    this.emit("change-state", detail);
  }
}

customElements.define("lente-pixel-loupe", LentePixelLoupe);
