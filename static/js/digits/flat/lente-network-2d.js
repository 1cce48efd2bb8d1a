import { select, zoom, zoomIdentity } from "vendor/d3";
import { css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { addressed } from "../../frame/addressed.js";
import { t } from "../../frame/i18n.js";
import { onThemeChange, theme } from "../../frame/theme.js";
import { colourMap, colourise, valueRange } from "../../shared/colours.js";
import { operationWords } from "../../shared/layer_words.js";
import { formatNumber } from "../../shared/numbers.js";
import { Press } from "../../shared/ui/press.js";
import { unitOf } from "../../shared/units.js";
import { explainUnit } from "../explain_unit.js";
import { receptiveRegions } from "../receptive_regions.js";
import { drawFigures, drawUnit, inksOf } from "./drawing.js";
import { networkLayout2d, stepUnit, unitAt, unitSquare } from "./layout.js";
import { paintCells } from "./paint_cells.js";

/**
 * @typedef {import("../forward.js").Layer} Layer
 * @typedef {import("../forward.js").Activations} Activations
 * @typedef {import("../forward.js").Weights} Weights
 * @typedef {import("./layout.js").UnitPlace} UnitPlace
 * @typedef {import("./layout.js").NetworkLayout} NetworkLayout
 */

/** Of a label's height. */
const TEXT = 0.695;

/**
 * Every unit of every layer as a cell of its map. Layers follow one another; the input is drawn above them.
 *
 * @fires unit-hover - {layer, unit: number[]} under the cursor, finger or arrow keys, or null
 * @fires unit-pin - {layer, unit: number[]} that was clicked or confirmed with Enter
 * @fires layers-hidden - string[], after a label was pressed
 */
export class LenteNetwork2d extends ShadowElement {
  static properties = {
    layers: { attribute: false },
    activations: { attribute: false },
    weights: { attribute: false },
    selected: { attribute: false },
    hiddenLayers: { attribute: false },
    colouring: { type: String },
    signed: { type: Boolean },
    explain: { attribute: false },
    touched: { state: true },
    layout: { state: true },
    transform: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      position: relative;
      font: var(--size-small)/1.2 var(--prose);
    }
    .stage {
      position: relative;
      overflow: hidden;
      outline-offset: 3px;
    }
    .stage:focus-visible {
      outline: 2px solid var(--ink);
    }
    canvas {
      display: block;
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      touch-action: pan-y;
      cursor: crosshair;
    }
    canvas.zoomed {
      touch-action: none;
    }
    canvas.overlay,
    canvas.figures {
      pointer-events: none;
    }
    .label {
      all: unset;
      position: absolute;
      left: 0;
      top: 0;
      height: var(--label);
      line-height: var(--label);
      white-space: nowrap;
      font-size: calc(var(--label) * ${TEXT});
      color: var(--ink-soft);
      cursor: pointer;
      background: var(--paper); /* lines pass beneath a name */
    }
    .label b {
      color: var(--ink);
      font-weight: 650;
      margin-right: 0.35em;
    }
    .label .range {
      font-family: var(--figures);
      font-size: 0.95em;
      margin-left: 0.7em;
      color: var(--ink-faint);
    }
    @media (pointer: coarse) {
      .label {
        padding-block: 3px;
        margin-top: -3px;
      }
    }
    .label:hover b {
      text-decoration: underline;
      text-underline-offset: 0.2em;
    }
    .label:focus-visible {
      outline: 2px solid var(--ink);
    }
    .label[aria-pressed="false"] {
      opacity: 0.65;
    }
    .label[aria-pressed="false"] b {
      text-decoration: line-through;
    }
  `;

  constructor() {
    super();
    /** @type {Layer[]} */ this.layers = [];
    /** @type {Activations | null} */ this.activations = null;
    /** @type {Weights | null} */ this.weights = null;
    /** Pinned. @type {UnitPlace | null} */ this.selected = null;
    /** @type {string[]} */ this.hiddenLayers = [];
    addressed(this, { hiddenLayers: { name: "folded", first: [] } });
    /** What the lines' colours tell. @type {"contribution" | "weight"} */ this.colouring = "contribution";
    /** Whether the input is coloured about zero, as all else, and not grey. */ this.signed = false;
    /** The lines of a unit; by default to what it reads. @type {((place: UnitPlace) => import("../explain_unit.js").Term[]) | null} */ this.explain =
      null;
    /** @type {UnitPlace | null} */ this.touched = null;
    /** @type {NetworkLayout} */ this.layout = { width: 0, height: 0, label: 18, blocks: [] };
    this.transform = { k: 1, x: 0, y: 0 };
    /** @type {(() => void)[]} */ this.ends = [];
    /** @type {import("d3-zoom").ZoomBehavior<HTMLCanvasElement, unknown>} */ this.zooming = zoom();
    /** @type {ImageData | null} */ this.picture = null;
    this.press = new Press();
    /** @type {WeakMap<ArrayLike<number>, {low: number, high: number}>} */ this.ranges = new WeakMap();
    /** How wide it is and what it is written with, measured when the page is laid out: to ask later would lay it out once more. */
    this.room = { width: 0, label: 18 };
    /** @type {import("./drawing.js").Inks | null} */ this.inks = null;
    /** Measures words. */ this.pen = document.createElement("canvas").getContext("2d");
  }

  connectedCallback() {
    super.connectedCallback();
    const watcher = new ResizeObserver(([{ contentRect }]) => this.measure(Math.floor(contentRect.width)));
    watcher.observe(this);
    this.ends = [() => watcher.disconnect(), onThemeChange(() => this.turn())];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const end of this.ends) end();
  }

  get shapes() {
    const input = this.activations?.input.shape ?? [1, 28, 28];
    return [{ name: "input", shape: input }, ...this.layers];
  }

  render() {
    const { width, height } = this.layout;
    const zoomed = this.transform.k > 1;
    return html`<div
      class="stage"
      tabindex=${width ? "0" : nothing}
      role="application"
      aria-label=${t("The network: arrow keys walk the units, Page Up and Page Down the layers, Enter explains one")}
      style=${styleMap({ width: `${width}px`, height: `${height}px`, "--label": `${this.layout.label}px` })}
      @keydown=${this.onKey}
    >
      <canvas
        class=${zoomed ? "cells zoomed" : "cells"}
        @pointermove=${this.onPoint}
        @pointerdown=${this.onPoint}
        @pointerup=${this.press.note}
        @pointerleave=${() => this.touch(null)}
        @click=${this.onClick}
      ></canvas>
      <canvas class="overlay"></canvas>
      <canvas class="figures"></canvas>
      ${this.layout.blocks.map((block) => this.label(block))}
    </div>`;
  }

  /** @param {import("./layout.js").Block} block */
  label(block) {
    const layer = this.layers.find(({ name }) => name === block.name);
    const { k, x, y } = this.transform;
    const place = { transform: `translate(${k * block.x + x}px, ${k * block.top + y - this.layout.label}px)` };
    const shape = block.name === "input" ? this.shapes[0].shape : (layer?.shape ?? []);
    const name = block.name === "input" ? t("input") : block.name;
    const facts = [layer ? operationWords(layer) : "", shape.join("×")];
    if (layer?.parameters) facts.push(t("{count} parameters", { count: formatNumber(layer.parameters) }));
    const words = this.fitting(name, facts.filter(Boolean), k * this.roomOf(block));
    return html`<button
      type="button"
      class="label"
      aria-pressed=${!block.hidden}
      title=${block.hidden ? t("Show this layer") : t("Hide this layer")}
      style=${styleMap(place)}
      @click=${() => this.toggle(block.name)}
    >
      <b>${name}</b> ${words} ${this.range(block, name, words)}
    </button>`;
  }

  /** As many of the facts as have room behind a name: none is cut. @param {string} name @param {string[]} facts @param {number} room */
  fitting(name, facts, room) {
    const count = facts.findLastIndex((_, i) => this.widthOf(name, facts.slice(0, i + 1).join(" · ")) <= room);
    return facts.slice(0, count + 1).join(" · ");
  }

  /** Pixels of a label. @param {string} name @param {string} words @param {string} [figures] */
  widthOf(name, words, figures = "") {
    const size = this.layout.label * TEXT;
    const { prose, figures: mono } = this.inks ?? { prose: "sans-serif", figures: "monospace" };
    const pen = /** @type {CanvasRenderingContext2D} */ (this.pen);
    const measure = (/** @type {string} */ text, /** @type {string} */ font) => {
      pen.font = font;
      return pen.measureText(text).width;
    };
    const ends = measure(`${name} `, `650 ${size}px ${prose}`) + measure(words, `400 ${size}px ${prose}`);
    return ends + 0.35 * size + (figures ? size + measure(figures, `400 ${size}px ${mono}`) : 0);
  }

  /** How wide its label may be. @param {import("./layout.js").Block} block */
  roomOf({ x, y }) {
    const next = this.layout.blocks.find((other) => other.y === y && other.x > x);
    return (next ? next.x - 8 : this.layout.width) - x;
  }

  /** @param {import("./layout.js").Block} block @param {string} name @param {string} words */
  range(block, name, words) {
    const values = this.activations?.[block.name]?.data;
    if (!values || block.hidden) return nothing;
    const { low, high } = this.rangeOf(values);
    const figures = `${formatNumber(low, 2)} … ${formatNumber(high, 2)}`;
    const fits = this.widthOf(name, words, figures) <= this.transform.k * this.roomOf(block);
    return fits ? html`<span class="range">${figures}</span>` : nothing;
  }

  firstUpdated() {
    this.zooming
      .scaleExtent([1, 24])
      .filter((event) => this.zooms(event))
      .on("zoom", ({ transform }) => (this.transform = transform));
    select(this.cells).call(this.zooming).on("dblclick.zoom", null);
  }

  /** Whether an event zooms or pans; the others scroll the page. @param {any} event */
  zooms(event) {
    if (event.type === "wheel") return event.ctrlKey || this.transform.k > 1;
    if (event.type.startsWith("touch")) return event.touches.length > 1 || this.transform.k > 1;
    return this.transform.k > 1 && !event.button;
  }

  get cells() {
    return /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector(".cells"));
  }

  /**
   * Where a layer, or one of its units, is in the window.
   *
   * @param {string} layer
   * @param {number} [index] of the unit, row-major
   * @returns {DOMRect | null} null where it is not shown
   */
  boxOf(layer, index) {
    const block = this.layout.blocks.find(({ name }) => name === layer);
    if (!block || block.hidden) return null;
    const { left, top } = this.cells.getBoundingClientRect();
    const { k, x, y } = this.transform;
    if (index === undefined)
      return new DOMRect(
        left + k * block.x + x,
        top + k * block.top + y,
        k * block.width,
        k * (block.bottom - block.top),
      );
    const cell = unitSquare(block, index);
    return new DOMRect(left + k * cell.x + x, top + k * cell.y + y, k * cell.side, k * cell.side);
  }

  /** @param {number} width */
  measure(width) {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const label = Math.round((14 + 1.5 * (size - 17.5)) / TEXT); // 14 px at 1366, 20 px at 1920
    if (width === this.room.width && label === this.room.label) return;
    this.room = { width, label };
    this.inks = inksOf(this);
    this.arrange();
  }

  arrange() {
    const { width, label } = this.room;
    if (!width || !this.layers.length) return;
    const layout = networkLayout2d(this.shapes, width, { ratio: devicePixelRatio, hidden: this.hiddenLayers, label });
    this.layout = layout;
    this.zooming
      .translateExtent([
        [0, 0],
        [layout.width, layout.height],
      ])
      .extent([
        [0, 0],
        [layout.width, layout.height],
      ]);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("layers") || changed.has("hiddenLayers")) this.arrange();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const moved = changed.has("layout") || changed.has("transform");
    if (changed.has("layout")) this.resize();
    if (moved || changed.has("activations")) this.paint(moved);
    if (
      moved ||
      ["activations", "weights", "touched", "selected", "colouring", "explain"].some((name) => changed.has(name))
    )
      this.paintOverlay();
  }

  resize() {
    for (const canvas of this.renderRoot.querySelectorAll("canvas")) {
      canvas.width = Math.round(this.layout.width * devicePixelRatio);
      canvas.height = Math.round(this.layout.height * devicePixelRatio);
    }
    const context = this.cells.getContext("2d");
    this.picture =
      context && this.cells.width && this.cells.height
        ? context.createImageData(this.cells.width, this.cells.height)
        : null;
  }

  /** Light has turned to dark, or back. */
  turn() {
    this.inks = inksOf(this);
    this.paint(true);
    this.paintOverlay();
  }

  /** The range of a layer's values, which its label and its cells both ask for. @param {ArrayLike<number>} values */
  rangeOf(values) {
    const known = this.ranges.get(values) ?? valueRange(values);
    this.ranges.set(values, known);
    return known;
  }

  /** @param {boolean} moved whether there may be remains of an earlier place */
  paint(moved) {
    if (!this.picture || !this.activations) return;
    const pixels = {
      data: new Uint32Array(this.picture.data.buffer),
      width: this.picture.width,
      height: this.picture.height,
    };
    if (moved) pixels.data.fill(0);
    for (const block of this.layout.blocks) {
      const tensor = this.activations[block.name];
      if (block.hidden || !tensor) continue;
      const grey = block.name === "input" && !this.signed;
      const { low, high } = grey ? { low: 0, high: 1 } : this.rangeOf(tensor.data);
      const map = colourMap(grey ? "grey" : low < 0 ? "diverging" : "sequential", theme());
      const colours = colourise(tensor.data, map, low, high);
      paintCells(pixels, block, colours, this.transform, devicePixelRatio);
    }
    this.cells.getContext("2d")?.putImageData(this.picture, 0, 0);
    const figures = this.cleared("figures");
    if (figures && this.inks) drawFigures(figures, this.layout, this.activations, this.transform, this.inks);
  }

  /** Draws on the canvas of that class, on which nothing is left. @param {"overlay" | "figures"} name */
  cleared(name) {
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector(`.${name}`));
    const context = canvas.getContext("2d");
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, canvas.width, canvas.height);
    return context;
  }

  paintOverlay() {
    const context = this.cleared("overlay");
    if (!context) return;
    const place = this.touched ?? this.selected;
    const shape = place && this.shapes.find(({ name }) => name === place.layer)?.shape;
    if (!place || !shape || !this.activations || !this.weights || !this.inks) return;
    const unit = unitOf(shape, place.index);
    const terms = this.explain
      ? this.explain(place)
      : explainUnit(this.layers, this.weights, this.activations, place.layer, unit).terms;
    const regions = receptiveRegions(this.layers, this.activations.input.shape, place.layer, unit);
    drawUnit(
      context,
      this.layout,
      this.transform,
      { place, terms, regions, colouring: this.colouring, shapes: this.shapes, pinned: this.selected },
      this.inks,
    );
  }

  /** @param {import("../../shared/ui/press.js").Place} place */
  placeAt({ clientX, clientY }) {
    const box = this.cells.getBoundingClientRect();
    const { k, x, y } = this.transform;
    return unitAt(this.layout, (clientX - box.left - x) / k, (clientY - box.top - y) / k);
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    this.touch(this.placeAt(event));
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const place = this.placeAt(this.press.placeOf(event));
    if (place) this.send("unit-pin", place);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.target !== event.currentTarget) return;
    const from = this.touched ?? this.selected ?? { layer: "input", index: 0 };
    const next = stepUnit(this.layout, from, event);
    if (next) this.touch(next);
    else if (event.key === "Enter") this.send("unit-pin", from);
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.5);
    else if (event.key === "-") this.zoomBy(1 / 1.5);
    else if (event.key === "0") this.zoomBy(0);
    else if (event.key === "Escape") this.touch(null);
    else return;
    event.preventDefault();
  }

  /** @param {number} factor 0 shows all */
  zoomBy(factor) {
    if (factor) this.zooming.scaleBy(select(this.cells), factor);
    else this.zooming.transform(select(this.cells), zoomIdentity);
  }

  /** @param {string} name */
  toggle(name) {
    const hidden = this.hiddenLayers.includes(name)
      ? this.hiddenLayers.filter((other) => other !== name)
      : [...this.hiddenLayers, name];
    this.emit("layers-hidden", hidden);
    this.hiddenLayers = hidden;
  }

  /** @param {UnitPlace | null} place */
  touch(place) {
    if (place?.layer === this.touched?.layer && place?.index === this.touched?.index) return;
    this.touched = place;
    this.send("unit-hover", place);
  }

  /** @param {"unit-hover" | "unit-pin"} name @param {UnitPlace | null} place */
  send(name, place) {
    const shape = place && this.shapes.find((layer) => layer.name === place.layer)?.shape;
    const detail = place && shape ? { layer: place.layer, unit: unitOf(shape, place.index) } : null;
    this.emit(name, detail);
  }
}

customElements.define("lente-network-2d", LenteNetwork2d);
