import { css, html } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";
import { onThemeChange } from "../../frame/theme.js";
import { formatNumber } from "../../shared/numbers.js";
import { unitIndex, unitOf } from "../../shared/units.js";
import { NetworkStage } from "./scene.js";

/**
 * @typedef {import("../../shared/safetensors.js").Tensor} Tensor
 * @typedef {{layer: string, unit: number[]}} UnitName
 * @typedef {UnitName & {contribution: number}} Edge
 * @typedef {import("../receptive_regions.js").Region} Region
 * @typedef {{name: string, operation?: string, shape: number[]}} Layer
 */

const TURN = Math.PI / 24;
const ZOOM = 1.2;
/** A press that moves less than this, in pixels, is a click. */
const STILL = 4;

/**
 * Every unit of a network as a box in space, coloured and raised by its value. Drawn when something changes, never else.
 *
 * @fires unit-hover - the unit under the cursor ({layer, unit}), or null
 * @fires unit-pin - the unit that was clicked or tapped, or null
 * @fires unavailable - there is no WebGL here
 */
export class LenteNetwork3d extends ShadowElement {
  static properties = {
    layers: { attribute: false },
    activations: { attribute: false },
    ranges: { attribute: false },
    maps: { attribute: false },
    selected: { attribute: false },
    edges: { attribute: false },
    regions: { attribute: false },
    classes: { attribute: false },
    label: { type: String },
    missing: { state: true },
    touched: { attribute: false },
  };

  static styles = css`
    :host {
      display: block;
      position: relative;
      container-type: inline-size;
    }
    /* with a finger, a strip to scroll by */
    :host::after {
      content: "";
      position: absolute;
      inset: 0 0 auto auto;
      width: calc(var(--strip) - 0.3rem);
      height: var(--view-height, clamp(22rem, 64vh, 52rem));
      background: var(--grip, none);
    }
    .stage {
      position: relative;
      margin-right: var(--strip);
      height: var(--view-height, clamp(22rem, 64vh, 52rem));
      overflow: hidden;
      background: var(--ground, var(--paper));
      cursor: grab;
      outline-offset: 2px;
      contain: strict;
    }
    .stage:active {
      cursor: grabbing;
    }
    .stage:focus-visible {
      outline: 2px solid var(--ink);
    }
    .stage[data-over] {
      cursor: pointer;
    }
    canvas {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      display: block;
    }
    .lines,
    .labels {
      pointer-events: none;
    }
    .labels {
      position: absolute;
      inset: 0;
      line-height: 1.15;
    }
    .label {
      position: absolute;
      left: 0;
      top: 0;
      white-space: nowrap;
      padding: 0.1rem 0.35rem 0.1rem 0;
      background: color-mix(in srgb, var(--ground, var(--paper)) 82%, transparent);
      transition: opacity var(--swift);
    }
    .label b {
      font: 600 max(0.8125rem, calc(var(--size) * 0.78))/1.1 var(--prose);
      display: inline-block;
      min-width: 4.4em;
    }
    .label span {
      font: max(0.75rem, calc(var(--size) * 0.68))/1.1 var(--figures);
      color: var(--ink-soft);
    }
    @container (width < 30rem) {
      .label b,
      .label span {
        display: block;
      }
    }
    .class {
      position: absolute;
      left: 0;
      top: 0;
      font: 600 max(0.8125rem, calc(var(--size) * 0.8))/1 var(--figures);
    }
    [data-under] {
      opacity: 0;
    }
    [hidden] {
      display: none;
    }
    .foot {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.3rem 1rem;
      min-height: 2.75rem;
      margin-top: 0.4rem;
    }
    output {
      font: var(--size-figure) var(--figures);
      font-variant-numeric: tabular-nums;
      flex: 1;
    }
    .hint {
      font-size: max(0.75rem, calc(var(--size) * 0.7));
      line-height: 1.25;
      color: var(--ink-soft);
      flex: 1 0 100%;
      order: 1;
    }
    .coarse {
      display: none;
    }
    .tools {
      display: inline-flex;
      gap: 0.3rem;
    }
    button {
      font: 500 var(--size-small)/1 var(--prose);
      color: var(--ink);
      background: var(--surface);
      border: 1px solid var(--line-strong);
      border-radius: var(--round);
      min-width: 2.25rem;
      min-height: 2.25rem;
      padding: 0 0.6rem;
      cursor: pointer;
      touch-action: manipulation;
    }
    button:hover {
      background: var(--sunken);
      border-color: var(--ink);
    }
    button:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    @media (pointer: coarse) {
      button {
        min-width: 2.75rem;
        min-height: 2.75rem;
      }
      .fine {
        display: none;
      }
      .coarse {
        display: inline;
      }
    }
    @media print {
      .hint,
      .tools {
        display: none;
      }
    }
    .missing {
      display: grid;
      place-content: center;
      gap: 0.4rem;
      min-height: 14rem;
      padding: 1.5rem;
      text-align: center;
      color: var(--ink-soft);
      border: 1px dashed var(--line-strong);
      border-radius: var(--round);
    }
    .missing b {
      color: var(--ink);
    }
  `;

  constructor() {
    super();
    /** @type {Layer[]} */ this.layers = [];
    /** @type {Record<string, Tensor>} shapes may have a batch of one */ this.activations = {};
    /** @type {Record<string, {low: number, high: number}>} a layer's own range where none is given */ this.ranges = {};
    /** @type {Record<string, import("../../shared/colours.js").MapName>} by sign where none is given */ this.maps = {};
    /** @type {UnitName | null} */ this.selected = null;
    /** @type {(layer: string, unit: number[]) => Edge[] | null | Promise<Edge[] | null>} */ this.edges = () => null;
    /** @type {(layer: string, unit: number[]) => Record<string, Region>} its receptive field in other layers */ this.regions =
      () => ({});
    /** @type {string[]} names of the last layer's units */ this.classes = [];
    this.label = "";
    this.missing = false;
    /** @type {NetworkStage | null} */ this.stage = null;
    /** @type {UnitName | null} under the cursor, here or elsewhere */ this.touched = null;
    this.pressed = { x: 0, y: 0 };
    /** @type {() => void} */ this.end = () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end();
    this.stage?.dispose();
    this.stage = null;
  }

  firstUpdated() {
    this.begin();
  }

  /** Takes hold of the graphics card. */
  begin() {
    const surface = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".stage"));
    this.stage = NetworkStage.on(surface);
    if (!this.stage) {
      this.missing = true;
      this.send("unavailable", null);
      return;
    }
    const endTheme = onThemeChange(() => this.stage?.repaint());
    const observer = new ResizeObserver(() => this.stage?.resize());
    observer.observe(surface);
    this.end = () => {
      endTheme();
      observer.disconnect();
    };
    this.follow(new Map(Object.keys(LenteNetwork3d.properties).map((name) => [name, undefined])));
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    this.follow(changed);
  }

  /** @param {Map<string, unknown>} changed */
  follow(changed) {
    if (!this.stage) return;
    if (changed.has("layers") || changed.has("classes")) this.stage.arrange(this.layers);
    if (["layers", "activations", "ranges", "maps"].some((name) => changed.has(name))) this.stage.show(this);
    if (["layers", "selected", "edges", "regions", "touched"].some((name) => changed.has(name))) this.touch();
  }

  render() {
    if (this.missing)
      return html`<div class="missing">
        <b>${t("No 3-D view here")}</b>
        ${t("It needs WebGL, which this browser does not offer or has switched off. The flat view shows the same units and the same numbers.")}
      </div>`;
    return html`<div
        class="stage"
        role="application"
        tabindex="0"
        aria-label=${this.label || t("The network in space")}
        aria-describedby="hint"
        @pointerdown=${this.onPress}
        @pointermove=${this.onPoint}
        @pointerleave=${this.onLeave}
        @click=${this.onClick}
        @keydown=${this.onKey}
      >
        <canvas class="lines"></canvas>
        <div class="labels" aria-hidden="true">
          ${this.layers.map(({ name, shape }) => html`<div class="label"><b>${name === "input" ? t("input") : name}</b><span>${shape.join("×")}</span></div>`)}
          ${this.classes.map((name) => html`<span class="class">${name}</span>`)}
        </div>
      </div>
      <div class="foot">
        <output aria-live="off">${this.readout}</output>
        <span class="hint" id="hint"
          ><span class="fine"
            >${t("Drag to turn, Ctrl + wheel to zoom, right button to move. Keys: arrows, +, −, 0.")}</span
          ><span class="coarse">${t("Swipe sideways to turn, two fingers to zoom and move, tap to pin.")}</span></span
        >
        <span class="tools">
          <button type="button" aria-label=${t("Nearer")} @click=${() => this.stage?.view.zoom(ZOOM)}>+</button>
          <button type="button" aria-label=${t("Farther")} @click=${() => this.stage?.view.zoom(1 / ZOOM)}>−</button>
          <button type="button" @click=${this.toHome}>${t("Whole network")}</button>
        </span>
      </div>`;
  }

  /** What is under the cursor or pinned, and its value, as PyTorch would write it. */
  get readout() {
    const touched = this.touched ?? this.selected;
    const tensor = touched && this.activations[touched.layer];
    const layer = touched && this.layers.find(({ name }) => name === touched.layer);
    if (!touched || !tensor || !layer) return "";
    return `${touched.layer}[${touched.unit.join(", ")}] = ${formatNumber(tensor.data[unitIndex(layer.shape, touched.unit)])}`;
  }

  toHome() {
    this.stage?.home(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  /** @param {PointerEvent} event */
  onPress(event) {
    this.pressed = { x: event.clientX, y: event.clientY };
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    if (event.pointerType !== "touch" && !event.buttons) this.hover(event);
  }

  onLeave() {
    this.hover(null);
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    if (Math.hypot(event.clientX - this.pressed.x, event.clientY - this.pressed.y) > STILL) return;
    this.hover(event);
    this.send("unit-pin", this.touched);
  }

  /** @param {MouseEvent | null} event */
  hover(event) {
    if (!this.stage) return;
    const box = this.stage.stage.getBoundingClientRect();
    const cursor = event && { x: event.clientX - box.left, y: event.clientY - box.top };
    const unit = this.nameOf(this.stage.point(cursor));
    if (unit?.layer === this.touched?.layer && String(unit?.unit) === String(this.touched?.unit)) return;
    this.touched = unit;
    this.stage.stage.toggleAttribute("data-over", Boolean(unit));
    this.send("unit-hover", unit);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const view = this.stage?.view;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => view?.turn(TURN, 0),
      ArrowRight: () => view?.turn(-TURN, 0),
      ArrowUp: () => view?.turn(0, TURN),
      ArrowDown: () => view?.turn(0, -TURN),
      "+": () => view?.zoom(ZOOM),
      "=": () => view?.zoom(ZOOM),
      "-": () => view?.zoom(1 / ZOOM),
      0: () => this.toHome(),
      Home: () => this.toHome(),
      Escape: () => this.hover(null),
    };
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  /** @param {"unit-hover" | "unit-pin" | "unavailable"} name @param {UnitName | null} detail */
  send(name, detail) {
    this.emit(name, detail);
  }

  /** Shows the unit under the cursor, or else the pinned one: its field at once, its edges as soon as they are known. */
  touch() {
    const touched = this.touched ?? this.selected;
    const unit = this.numberOf(touched);
    if (!touched || unit < 0) return this.stage?.touch(null);
    const regions = this.regions(touched.layer, touched.unit);
    const show = (/** @type {Edge[] | null} */ edges) =>
      this.stage?.touch({ unit, pinned: this.numberOf(this.selected), regions, links: this.linksOf(edges) });
    const edges = this.edges(touched.layer, touched.unit);
    if (!(edges instanceof Promise)) return show(edges);
    show(null);
    edges.then((known) => touched === (this.touched ?? this.selected) && show(known));
  }

  /** @param {Edge[] | null} edges */
  linksOf(edges) {
    return (edges ?? [])
      .map((edge) => ({ unit: this.numberOf(edge), contribution: edge.contribution }))
      .filter(({ unit }) => unit >= 0);
  }

  /** A unit's number among all units; -1 where there is no such unit. @param {UnitName | null} name */
  numberOf(name) {
    const place = name && this.stage?.layout.layers.find((layer) => layer.name === name.layer);
    const inside =
      place &&
      place.shape.length === name.unit.length &&
      name.unit.every((at, axis) => at >= 0 && at < place.shape[axis]);
    return inside ? place.start + unitIndex(place.shape, name.unit) : -1;
  }

  /** @param {number} number @returns {UnitName | null} */
  nameOf(number) {
    const place = this.stage?.layout.layers.find(({ start, count }) => number >= start && number < start + count);
    return place ? { layer: place.name, unit: unitOf(place.shape, number - place.start) } : null;
  }
}

customElements.define("lente-network-3d", LenteNetwork3d);
