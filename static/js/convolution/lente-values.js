import { css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { Room } from "../shared/ui/room.js";
import { gridStep } from "../shared/ui/grid_keys.js";
import "../shared/ui/lente-matrix.js";
import "../shared/ui/lente-picture.js";

/**
 * @typedef {import("../shared/ui/lente-map.js").Cell} Cell
 * @typedef {import("../shared/ui/lente-map.js").Box} Box
 * @typedef {import("./window.js").Border} Border
 */

/** Rows of the loupe at most, however large the window. */
const TALLEST = 15;

const NOTHING = { top: 0, left: 0, bottom: 0, right: 0 };

/**
 * Values under one cursor: few of them as a table of numbers, many as a picture with a loupe of numbers beneath. The
 * arrow keys move what is touched, with Shift ten times as far.
 *
 * @fires point - the cell under the cursor or finger
 * @fires move - {rows, columns} by the arrow keys
 */
export class LenteValues extends ShadowElement {
  static properties = {
    values: { attribute: false },
    columns: { type: Number },
    pixels: { attribute: false },
    numbers: { type: Boolean },
    border: { attribute: false },
    box: { attribute: false },
    isTouched: { attribute: false },
    shown: { attribute: false },
    format: { attribute: false },
    label: { type: String },
    tall: { type: Number },
    wide: { type: Number },
    bare: { type: Boolean },
  };

  static styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .both > * + * {
      margin-top: 0.6rem;
    }
    .picture {
      position: relative;
      width: 100%;
    }
    .inner {
      position: absolute;
      outline: 1px dashed var(--ink);
      outline-offset: -1px;
      pointer-events: none;
      box-shadow: 0 0 0 1px var(--surface);
    }
    lente-matrix {
      max-width: 100%;
    }
    /* Where two pictures share a phone's width, the sum beneath has the numbers. */
    @media (max-width: 560px) {
      :host([picture]) lente-matrix {
        display: none;
      }
    }
  `;

  constructor() {
    super();
    /** @type {ArrayLike<number>} one channel, row-major */ this.values = [];
    this.columns = 1;
    /** @type {Uint8ClampedArray<ArrayBuffer>} (H, W, 4) */ this.pixels = new Uint8ClampedArray(4);
    /** Whether every number is shown. */ this.numbers = false;
    /** @type {Border} */ this.border = NOTHING;
    /** @type {Box} */ this.box = { top: 0, left: 0, bottom: 1, right: 1 };
    /** @type {(row: number, column: number) => boolean} */ this.isTouched = () => false;
    this.shown = Infinity;
    /** @type {(value: number) => string} */ this.format = (value) => formatNumber(value);
    this.label = "";
    /** Least rows of the loupe. */ this.tall = 5;
    /** Least columns of the loupe. */ this.wide = 11;
    /** No loupe. */ this.bare = false;
    this.room = new Room(this);
  }

  /** Numbers as they are written. @param {ArrayLike<number>} values */
  written(values) {
    return Array.from(values, (value) => this.format(value));
  }

  get rows() {
    return this.values.length / this.columns;
  }

  render() {
    return html`<div class="both" @keydown=${this.onKey} @cell=${this.onCell}>
      ${this.numbers && this.columns <= this.room.fitting(this.written(this.values)) ? this.table() : [this.picture(), this.bare ? nothing : this.loupe()]}
    </div>`;
  }

  table() {
    const width = `min(100%, max(${this.columns * 4.2}rem, ${this.columns * this.room.cellOf(this.written(this.values)) + 1}px))`;
    return html`<lente-matrix
      style=${styleMap({ width })}
      .values=${this.values}
      .columns=${this.columns}
      .pixels=${new Uint32Array(this.pixels.buffer)}
      .border=${this.border}
      .box=${this.box}
      .isTouched=${this.isTouched}
      .shown=${this.shown}
      .format=${this.format}
      label=${this.label}
    ></lente-matrix>`;
  }

  picture() {
    const ratio = this.columns / this.rows;
    const style = { aspectRatio: String(ratio), maxWidth: `calc(max(36vh, 12rem) * ${ratio})` };
    return html`<div class="picture" style=${styleMap(style)}>
      <lente-picture
        .pixels=${this.masked()}
        .columns=${this.columns}
        .touched=${[this.box]}
        label=${this.label}
      ></lente-picture>
      ${Object.values(this.border).some(Boolean) ? this.frame() : nothing}
    </div>`;
  }

  /** The picture within its padding. */
  frame() {
    const { top, left, bottom, right } = this.border;
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    const place = {
      top: share(top, this.rows),
      bottom: share(bottom, this.rows),
      left: share(left, this.columns),
      right: share(right, this.columns),
    };
    return html`<div class="inner" style=${styleMap(place)}></div>`;
  }

  /** Pixels that wait to be computed are transparent. */
  masked() {
    if (this.shown * 4 >= this.pixels.length) return this.pixels;
    const pixels = this.pixels.slice();
    pixels.fill(0, this.shown * 4);
    return pixels;
  }

  loupe() {
    const { top, left, bottom, right } = this.view();
    const at = Array.from(
      { length: (bottom - top) * (right - left) },
      (_, i) => (top + Math.floor(i / (right - left))) * this.columns + left + (i % (right - left)),
    );
    const colours = new Uint32Array(this.pixels.buffer);
    const { box, border } = this;
    const inside = {
      top: Math.max(border.top - top, 0),
      bottom: Math.max(bottom - (this.rows - border.bottom), 0),
      left: Math.max(border.left - left, 0),
      right: Math.max(right - (this.columns - border.right), 0),
    };
    return html`<lente-matrix
      still
      .values=${at.map((i) => (i < this.shown ? this.values[i] : NaN))}
      .columns=${right - left}
      .pixels=${Uint32Array.from(at, (i) => (i < this.shown ? colours[i] : 0xff888888))}
      .border=${inside}
      .box=${{ top: box.top - top, bottom: box.bottom - top, left: box.left - left, right: box.right - left }}
      .isTouched=${(/** @type {number} */ row, /** @type {number} */ column) => this.isTouched(row + top, column + left)}
      .format=${(/** @type {number} */ value) => (Number.isNaN(value) ? "·" : this.format(value))}
      label=${t("Numbers around the cursor")}
    ></lente-matrix>`;
  }

  /** What the loupe shows: the touched box in its middle, in as many columns as its numbers have room. @returns {Box} */
  view() {
    const { box } = this;
    const tall = Math.min(Math.max(this.tall, box.bottom - box.top + 2), TALLEST, this.rows);
    const wide = Math.min(Math.max(this.wide, box.right - box.left + 2), this.columns);
    const view = this.around(tall, wide);
    const rows = Array.from({ length: tall }, (_, i) => (view.top + i) * this.columns);
    const seen = rows.flatMap((row) => Array.prototype.slice.call(this.values, row + view.left, row + view.right));
    return this.around(tall, Math.min(wide, this.room.fitting(this.written(seen))));
  }

  /** @param {number} tall @param {number} wide @returns {Box} */
  around(tall, wide) {
    const { box } = this;
    const top = Math.floor(Math.min(Math.max((box.top + box.bottom - tall) / 2, 0), this.rows - tall));
    const left = Math.floor(Math.min(Math.max((box.left + box.right - wide) / 2, 0), this.columns - wide));
    return { top, left, bottom: top + tall, right: left + wide };
  }

  /** @param {CustomEvent<Cell | null>} event */
  onCell(event) {
    event.stopPropagation();
    if (event.detail) this.tell("point", event.detail);
  }

  /** Before the picture's own cursor, which knows nothing of a stepper. */
  get onKey() {
    return { capture: true, handleEvent: (/** @type {KeyboardEvent} */ event) => this.move(event) };
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const step = gridStep(event, [this.rows, this.columns]);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.tell("move", { rows: step[0], columns: step[1] });
  }
}

customElements.define("lente-values", LenteValues);
