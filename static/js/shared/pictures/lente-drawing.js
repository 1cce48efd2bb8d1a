import { html } from "vendor/lit";
import { LenteElement } from "../../frame/element.js";
import { readUrl, writeUrl } from "../../frame/address.js";
import { placeIn } from "../../frame/accepted.js";
import { addressed } from "../../frame/addressed.js";
import { snapped } from "../../frame/drawing_codec.js";
import { onWindow, tellWindow } from "../../frame/events.js";
import { N_, t } from "../../frame/i18n.js";
import { gridStep } from "../ui/grid_keys.js";
import { rasterise } from "./stroke.js";

/**
 * @typedef {import("./stroke.js").Stroke} Stroke
 * @typedef {import("../../frame/drawing_codec.js").Drawing} Drawing
 */

const SIDE = 112;
const WIDTHS = [
  { width: 0.05, name: N_("thin") },
  { width: 0.085, name: N_("medium") },
  { width: 0.13, name: N_("thick") },
];

/** A step of the keyboard's pen, in shares of the pad. */
const STEP = 0.02;
const MIDDLE = { x: 0.5, y: 0.5 };

/**
 * A pad to draw on with mouse, finger or pen: light on dark, 112 x 112 values 0..1 (four for each pixel of an MNIST
 * digit). The history entry keeps what was drawn by hand, so that a reload and Back bring it again. Rendered in the page,
 * so that its buttons look like the page's.
 *
 * @fires draw - after every change, during the stroke too; detail {values: Float32Array, empty: boolean, own: boolean},
 *   own: whether the hand did it, or it came back
 */
export class LenteDrawing extends LenteElement {
  static properties = {
    strokes: { state: true },
    pen: { state: true },
    erasing: { state: true },
    kept: { type: String },
  };

  constructor() {
    super();
    /** The name under which the history entry keeps it. @type {"drawing" | "scribble" | "rubbed"} */
    this.kept = "drawing";
    /** @type {Stroke[]} */ this.strokes = [];
    /** @type {Float32Array<ArrayBuffer> | null} a picture beneath the strokes */ this.ground = null;
    this.values = new Float32Array(SIDE * SIDE);
    /** @type {number | null} */ this.pointer = null;
    /** Where the keyboard's pen is, in shares of the pad. @type {{x: number, y: number} | null} */ this.cursor = null;
    /** Whether the keyboard's pen is down. */ this.down = false;
    this.endPen = () => {};
    this.pen = 1;
    this.erasing = false;
    addressed(this, {
      pen: { name: "pen", first: 1, accepts: placeIn(WIDTHS) },
      erasing: { name: "eraser", first: false },
    });
  }

  /** Puts what the history entry keeps on the pad. @returns {boolean} whether it keeps a drawing */
  restore() {
    const drawing = readUrl()[this.kept];
    if (!drawing) return false;
    Object.assign(this, drawing);
    this.redraw(true);
    return true;
  }

  /** Has the history entry keep what is on the pad. */
  keep() {
    const { strokes, ground } = this;
    writeUrl({ [this.kept]: { strokes, ground } });
  }

  /** Values in a row. */
  get side() {
    return SIDE;
  }

  get empty() {
    return !this.values.some((value) => value > 0.2);
  }

  render() {
    return html`${this.pad()}${this.tools()}`;
  }

  /** What the pad is. */
  get words() {
    return t("Drawing pad: draw with the mouse, a finger or a pen");
  }

  pad() {
    return html`<canvas
      class="pad"
      width=${SIDE}
      height=${SIDE}
      tabindex="0"
      role="application"
      aria-label=${`${this.words}. ${t("Arrow keys move the pen, Space puts it down and lifts it, Delete clears.")}`}
      @pointerdown=${this.onDown}
      @pointermove=${this.onMove}
      @pointerup=${this.onUp}
      @pointercancel=${this.onUp}
      @lostpointercapture=${this.onUp}
      @keydown=${this.onKey}
      @blur=${() => this.point(null)}
    ></canvas>`;
  }

  tools() {
    return html`<div class="row pad-tools">
      <span class="segments" role="group" aria-label=${t("Pen width")}>
        ${WIDTHS.map(
          ({ name }, i) =>
            html`<button
              type="button"
              aria-pressed=${i === this.pen && !this.erasing}
              title=${t(name)}
              aria-label=${t(name)}
              @click=${() => this.choose(i)}
            >
              <svg width="20" height="20" aria-hidden="true">
                <circle cx="10" cy="10" r=${2 + i * 2.5} fill="currentColor"></circle>
              </svg>
            </button>`,
        )}
        <button type="button" aria-pressed=${this.erasing} @click=${() => this.choose(this.pen, !this.erasing)}>
          ${t("Eraser")}
        </button>
      </span>
      <span class="row">
        <button type="button" ?disabled=${!this.strokes.length} @click=${this.undo}>${t("Undo")}</button>
        <button type="button" ?disabled=${!this.strokes.length && !this.ground} @click=${this.clear}>
          ${t("Clear")}
        </button>
      </span>
    </div>`;
  }

  firstUpdated() {
    this.paint();
  }

  connectedCallback() {
    super.connectedCallback();
    this.endPen = onWindow("pen", (pen) => Object.assign(this, pen));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endPen();
  }

  /** Takes up a pen, here and on the other pads: the address knows one. @param {number} pen @param {boolean} [erasing] */
  choose(pen, erasing = false) {
    tellWindow("pen", { pen, erasing });
  }

  undo() {
    this.strokes = this.strokes.slice(0, -1);
    this.redraw(true);
    this.keep();
  }

  clear() {
    this.strokes = [];
    this.ground = null;
    this.redraw(true);
    this.keep();
  }

  /**
   * Puts a drawing on the pad: strokes, or a picture of 112 x 112 values. It is kept once the hand changes it.
   *
   * @param {{strokes?: Stroke[], ground?: Float32Array<ArrayBuffer> | null}} drawing
   */
  load({ strokes = [], ground = null }) {
    this.strokes = strokes;
    this.ground = ground;
    this.redraw();
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    if (event.button || this.pointer !== null) return; // a second finger, or the palm
    event.preventDefault();
    const canvas = /** @type {HTMLCanvasElement} */ (event.currentTarget);
    canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.point(null);
    this.begin();
    this.extend(event);
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    if (event.pointerId === this.pointer) this.extend(event);
  }

  /** @param {PointerEvent} event */
  onUp(event) {
    if (event.pointerId === this.pointer) this.pointer = null;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") this.undo();
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (event.key === " ") this.toggle();
    else {
      const step = gridStep(event, [1 / STEP, 1 / STEP]);
      if (!step) return;
      this.step(step);
    }
    event.preventDefault();
  }

  /** The keyboard's pen goes down or is lifted. */
  toggle() {
    this.point(this.cursor ?? MIDDLE, !this.down);
    if (!this.down) return;
    this.begin();
    this.draw([this.cursor ?? MIDDLE]);
  }

  /** @param {[number, number]} steps down and right */
  step([down, right]) {
    const { x, y } = this.cursor ?? MIDDLE;
    const inside = (/** @type {number} */ share) => Math.min(Math.max(share, 0), 1);
    this.point({ x: inside(x + right * STEP), y: inside(y + down * STEP) }, this.down);
    if (this.down && this.cursor) this.draw([this.cursor]);
  }

  /** Where the keyboard's pen is. @param {{x: number, y: number} | null} place */
  point(place, down = false) {
    if (!place && !this.cursor) return;
    this.cursor = place;
    this.down = down;
    this.paint();
  }

  /** A new stroke. */
  begin() {
    this.strokes = [...this.strokes, { points: [], ...this.nib }];
  }

  /** What a stroke is drawn with. @returns {{width: number, erase: boolean}} */
  get nib() {
    return { width: WIDTHS[this.pen].width * (this.erasing ? 2 : 1), erase: this.erasing };
  }

  /** @param {PointerEvent} event */
  extend(event) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const events = event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event];
    this.draw(
      events.map((one) => ({ x: (one.clientX - box.left) / box.width, y: (one.clientY - box.top) / box.height })),
    );
  }

  /** The last stroke goes on. @param {{x: number, y: number}[]} points in shares of the pad */
  draw(points) {
    const stroke = this.strokes[this.strokes.length - 1];
    const known = stroke.points.length;
    stroke.points.push(...points.map(({ x, y }) => ({ x: snapped(x), y: snapped(y) })));
    rasterise([{ ...stroke, points: stroke.points.slice(Math.max(known - 1, 0)) }], SIDE, this.values);
    this.changed(true);
    this.keep();
  }

  /** @param {boolean} [own] */
  redraw(own = false) {
    this.values = rasterise(this.strokes, SIDE, this.ground?.slice());
    this.changed(own);
  }

  /** @param {boolean} own */
  changed(own) {
    this.paint();
    this.emit("draw", { values: this.values, empty: this.empty, own });
  }

  paint() {
    const context = this.querySelector("canvas")?.getContext("2d");
    if (!context) return;
    this.paintValues(context);
    if (!this.cursor) return;
    context.strokeStyle = getComputedStyle(this).getPropertyValue("--touch");
    context.lineWidth = this.down ? 3 : 1;
    context.strokeRect(this.cursor.x * SIDE - 4, this.cursor.y * SIDE - 4, 8, 8);
  }

  /** @param {CanvasRenderingContext2D} context */
  paintValues(context) {
    const picture = context.createImageData(SIDE, SIDE);
    const pixels = new Uint32Array(picture.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = 0xff000000 | (Math.round(this.values[i] * 255) * 0x010101);
    context.putImageData(picture, 0, 0);
  }
}

customElements.define("lente-drawing", LenteDrawing);
