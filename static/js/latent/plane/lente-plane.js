import { css, html, nothing } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";
import { repaintOnTheme } from "../../frame/theme.js";
import { gridStep } from "../../shared/ui/grid_keys.js";
import {
  inks,
  paintAxes,
  paintHulls,
  paintPoints,
  paintPrior,
  paintShape,
  paintSheet,
  paintTouch,
} from "./painting.js";
import { PlaneView } from "./view.js";

/**
 * @typedef {import("./view.js").Point} Point
 * @typedef {import("./painting.js").Points} Points
 * @typedef {import("./painting.js").Sheet} Sheet
 * @typedef {import("./painting.js").Shape} Shape
 */

const ZOOM = 1.5;
/** A key's step is a cell of what is shown, were it a grid of so many rows and columns. */
const CELLS = 100;

/**
 * A plane of codes: points by class, a sheet of decoded pictures beneath them, and the place that is being touched.
 * Drag moves the place, and so do the keys of a grid; Shift and drag (or two fingers) the plane; pinching, Ctrl and wheel,
 * + and - enlarge.
 *
 * @fires probe - the place under the cursor ({x, y}), null when it leaves
 * @fires place - the place that was pressed, dragged or stepped to ({x, y})
 * @fires view - the edges of what is shown changed
 */
export class LentePlane extends ShadowElement {
  static properties = {
    points: { attribute: false },
    hiddenClasses: { attribute: false },
    hulls: { type: Boolean },
    prior: { type: Boolean },
    dots: { type: Boolean },
    sheet: { attribute: false },
    sheetStrength: { type: Number },
    home: { attribute: false },
    at: { attribute: false },
    shapes: { attribute: false },
    label: { type: String },
    still: { type: Boolean },
    bare: { type: Boolean },
  };

  static styles = css`
    :host {
      display: block;
      position: relative;
      aspect-ratio: 1;
    }
    .stage {
      position: absolute;
      inset: 0;
      touch-action: none;
      cursor: crosshair;
      border: 1px solid var(--line);
      border-radius: 4px;
      overflow: hidden;
      background: var(--surface);
    }
    .stage:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    :host([still]) .stage {
      cursor: default;
      touch-action: auto;
    }
    canvas {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    /* the buttons stand beside the map, or above it where that is narrow: they must not lie over points */
    :host(:not([still])) {
      margin: 0 var(--strip) 0 2.5rem;
    }
    /* with a finger, a strip to scroll by */
    :host(:not([still]))::after {
      content: "";
      position: absolute;
      inset: 0 auto 0 calc(100% + 0.3rem);
      width: calc(var(--strip) - 0.3rem);
      background: var(--grip, none);
    }
    .zoom {
      position: absolute;
      right: calc(100% + 0.3rem);
      top: 0;
      display: flex;
      flex-direction: column;
      gap: 4px;
    }
    .zoom button {
      font: 600 1rem/1 var(--prose);
      width: 2.2rem;
      height: 2.2rem;
      padding: 0;
      color: var(--ink);
      background: var(--surface);
      border: 1px solid var(--line);
      border-radius: 6px;
      cursor: pointer;
    }
    .zoom button:hover {
      border-color: var(--ink);
    }
    .zoom button:focus-visible {
      outline: 2px solid var(--ink);
    }
    @media (pointer: coarse) {
      .zoom button {
        width: 2.75rem;
        height: 2.75rem;
      }
      :host(:not([still])) {
        margin-left: 3.1rem;
      }
    }
    @media (max-width: 760px) {
      :host(:not([still])) {
        margin: 3.1rem var(--strip) 0 0;
      }
      .zoom {
        flex-direction: row;
        right: calc(-1 * var(--strip));
        top: auto;
        bottom: calc(100% + 0.3rem);
      }
    }
    @media print {
      :host(:not([still])) {
        margin: 0;
      }
      .zoom {
        display: none;
      }
    }
  `;

  constructor() {
    super();
    /** @type {Points | null} */ this.points = null;
    /** @type {Set<number>} */ this.hiddenClasses = new Set();
    this.hulls = false;
    this.prior = false;
    this.dots = true;
    /** @type {Sheet | null} */ this.sheet = null;
    this.sheetStrength = 1;
    this.home = { x: 0, y: 0, reach: 4 };
    /** @type {Point | null} */ this.at = null;
    /** @type {Shape[]} */ this.shapes = [];
    this.label = "";
    this.still = false;
    /** Without axes. */ this.bare = false;
    /** What is shown where that is not `home`. @type {typeof this.home | null} */ this.square = null;
    /** @type {Map<number, {x: number, y: number}>} fingers and buttons that are down */ this.down = new Map();
    this.panning = false;
    /** As it is laid out: to ask later would lay the page out once more. */ this.size = { width: 0, height: 0 };
    /** What it is painted with. @type {(import("./painting.js").Inks & {figures: string}) | null} */ this.colours =
      null;
    repaintOnTheme(this, () => {
      this.colours = null;
      this.paint();
    });
    this.observer = new ResizeObserver(([{ contentRect }]) => {
      this.size = { width: Math.round(contentRect.width), height: Math.round(contentRect.height) };
      this.paint();
    });
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
    return html`<div
        class="stage"
        tabindex=${this.still ? nothing : "0"}
        role=${this.still ? "img" : "application"}
        aria-label=${this.label}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
        @pointerleave=${this.onLeave}
        @wheel=${this.onWheel}
        @keydown=${this.onKey}
      >
        <canvas class="ground"></canvas><canvas class="touch"></canvas>
      </div>
      ${
        this.still
          ? ""
          : html`<div class="zoom">
              <button type="button" aria-label=${t("Enlarge")} title=${t("Enlarge")} @click=${() => this.zoom(ZOOM)}>
                +
              </button>
              <button type="button" aria-label=${t("Reduce")} title=${t("Reduce")} @click=${() => this.zoom(1 / ZOOM)}>
                −
              </button>
              <button type="button" aria-label=${t("Show all")} title=${t("Show all")} @click=${this.reset}>⌂</button>
            </div>`
      }`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("home")) this.square = null;
    const onTop = ["at", "shapes", "label"];
    if ([...changed.keys()].every((name) => onTop.includes(name))) this.paintTop();
    else this.paint();
  }

  /** @returns {PlaneView} */
  get view() {
    const { width, height } = this.size;
    return PlaneView.around(this.square ?? this.home, width, height);
  }

  paint() {
    const context = this.canvas(".ground");
    if (!context) return;
    const { view, inks: colours } = this;
    if (this.sheet && this.sheetStrength) paintSheet(context, view, this.sheet, this.sheetStrength);
    if (!this.bare) paintAxes(context, view, colours);
    if (this.prior) paintPrior(context, view, colours);
    if (this.points && this.dots) paintPoints(context, view, this.points, this.hiddenClasses, colours);
    if (this.points && this.hulls) paintHulls(context, view, this.points, this.hiddenClasses, colours);
    this.paintTop();
  }

  paintTop() {
    const context = this.canvas(".touch");
    if (!context) return;
    const colours = this.inks;
    for (const shape of this.shapes) paintShape(context, this.view, shape, colours);
    if (this.at) paintTouch(context, this.view, this.at, colours);
  }

  get inks() {
    return (this.colours ??= { ...inks(this), figures: getComputedStyle(this).getPropertyValue("--figures") });
  }

  /** A cleared canvas of the screen's own pixels, measured in the page's. @param {string} name */
  canvas(name) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot?.querySelector(name) ?? null);
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.size.width) return null;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(this.size.width * ratio), Math.round(this.size.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `${Math.max(13, Math.round(this.size.width / 45))}px ${this.inks.figures}`;
    return context;
  }

  /** @param {number} factor @param {number} [column] @param {number} [row] */
  zoom(factor, column, row) {
    this.show(this.view.zoomed(factor, column, row));
  }

  reset() {
    this.square = null;
    this.changed();
  }

  /** @param {PlaneView} view */
  show(view) {
    this.square = view.square;
    this.changed();
  }

  changed() {
    this.paint();
    this.send("view", this.view.edges);
  }

  /** @param {MouseEvent} event */
  pixel(event) {
    const box = this.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    if (this.still || event.button) return;
    event.preventDefault();
    const stage = /** @type {HTMLElement} */ (event.currentTarget);
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, this.pixel(event));
    this.panning = event.shiftKey || this.down.size > 1;
    if (!this.panning) this.place(event);
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    if (this.still) return;
    if (!this.down.has(event.pointerId)) return this.probe(event);
    const before = [...this.down.values()];
    this.down.set(event.pointerId, this.pixel(event));
    if (this.panning) this.pan(before, [...this.down.values()]);
    else this.place(event);
  }

  /** @param {PointerEvent} event */
  onUp(event) {
    this.down.delete(event.pointerId);
    if (!this.down.size) this.panning = false;
  }

  onLeave() {
    if (!this.down.size) this.send("probe", null);
  }

  /** @param {MouseEvent} event */
  probe(event) {
    const { x, y } = this.pixel(event);
    this.send("probe", this.view.point(x, y));
  }

  /** @param {MouseEvent} event */
  place(event) {
    const { x, y } = this.pixel(event);
    this.send("place", this.view.point(x, y));
  }

  /** @param {{x: number, y: number}[]} before @param {{x: number, y: number}[]} after */
  pan(before, after) {
    const middle = (/** @type {{x: number, y: number}[]} */ all) => ({
      x: mean(all.map(({ x }) => x)),
      y: mean(all.map(({ y }) => y)),
    });
    const [from, to] = [middle(before), middle(after)];
    const moved = this.view.moved(to.x - from.x, to.y - from.y);
    this.show(after.length > 1 ? moved.zoomed(spread(after) / spread(before), to.x, to.y) : moved);
  }

  /** @param {WheelEvent} event */
  onWheel(event) {
    if (this.still || !(event.ctrlKey || event.metaKey)) return; // a plain wheel scrolls the page
    event.preventDefault();
    const { x, y } = this.pixel(event);
    this.zoom(Math.exp(-event.deltaY / 200), x, y);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (this.still) return;
    const step = gridStep(event, [CELLS, CELLS]);
    if (step) this.step(step);
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "+") this.zoom(ZOOM);
    else if (event.key === "-") this.zoom(1 / ZOOM);
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
  }

  /** The place moves, and stays within what is shown. @param {[number, number]} cells down and right */
  step([down, right]) {
    const { left, right: end, bottom, top } = this.view.edges;
    const { x, y } = this.at ?? this.view.centre;
    this.send("place", {
      x: within(x + (right * (end - left)) / CELLS, Math.min(left, x), Math.max(end, x)),
      y: within(y - (down * (top - bottom)) / CELLS, Math.min(bottom, y), Math.max(top, y)),
    });
  }

  /** @param {"probe" | "place" | "view"} name @param {unknown} detail */
  send(name, detail) {
    this.emit(name, detail);
  }
}

/** @param {number} value @param {number} least @param {number} most */
const within = (value, least, most) => Math.max(least, Math.min(value, most));

/** @param {number[]} values */
function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** @param {{x: number, y: number}[]} pair */
function spread([a, b]) {
  return Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1);
}

customElements.define("lente-plane", LentePlane);
