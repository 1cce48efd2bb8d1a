import { theme } from "../../frame/theme.js";
import { valueRange } from "../../shared/colours.js";
import { NetworkBoxes } from "./boxes.js";
import { pickBox } from "./camera.js";
import { placeClasses, placeLabels } from "./labels.js";
import { networkLayout3d } from "./layout.js";
import { drawOverlay } from "./overlay.js";
import { NetworkView } from "./view.js";

/**
 * @typedef {import("../../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./overlay.js").Touched} Touched
 * @typedef {{low: number, high: number}} Range
 * @typedef {object} Shown
 * @property {Record<string, Tensor>} activations
 * @property {Record<string, Range>} ranges a layer's own range where none is given
 * @property {Record<string, import("../../shared/colours.js").MapName>} maps by sign where none is given
 */

/** Lengths of a row of maps to choose from: the one that brings the network nearest is taken. */
const WIDTHS = [100, 125, 160, 210, 260, 330, 420];

/** The boxes, what is drawn over them and the labels beside them: brought up to date in one frame, when something changed. */
export class NetworkStage {
  /**
   * @param {HTMLElement} stage with a canvas .lines and elements .label and .class in it
   * @returns {NetworkStage | null} null where there is no WebGL
   */
  static on(stage) {
    const made = new NetworkStage(stage);
    const view = NetworkView.on(stage, () => made.redraw());
    if (!view) return null;
    made.view = view;
    view.scene.add(made.boxes.mesh);
    return made;
  }

  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.stage = stage;
    this.view = /** @type {NetworkView} */ (/** @type {unknown} */ (null));
    this.boxes = new NetworkBoxes();
    this.lines = /** @type {HTMLCanvasElement} */ (stage.querySelector(".lines"));
    /** @type {{name: string, shape: number[]}[]} */ this.layers = [];
    /** @type {Shown} */ this.shown = { activations: {}, ranges: {}, maps: {} };
    /** @type {Touched | null} */ this.touched = null;
    /** @type {{x: number, y: number} | null} */ this.cursor = null;
    this.stale = { colours: true, scene: true };
    this.frame = 0;
  }

  get layout() {
    return this.boxes.layout;
  }

  /** @param {{name: string, shape: number[]}[]} layers */
  arrange(layers) {
    this.layers = layers;
    this.resize();
  }

  /** Fits the network into the stage's size; a view that somebody has turned or moved keeps its direction. */
  resize() {
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth || !clientHeight || !this.layers.length) return;
    this.view.resize(clientWidth, clientHeight);
    const width = WIDTHS.map((each) => ({
      each,
      far: this.view.fit(corners(networkLayout3d(this.layers, each)), this.margins()).distance,
    }));
    const best = width.reduce((a, b) => (b.far < a.far ? b : a)).each;
    this.boxes.arrange(this.layers, best);
    if (!this.view.taken) this.home(false);
    this.repaint();
  }

  /** @param {boolean} gently */
  home(gently) {
    this.view.home(corners(this.layout), this.margins(), gently);
    this.redraw();
  }

  /** Room for the labels, and a little air. */
  margins() {
    const label = Math.max(0, ...this.all(".label").map((element) => element.offsetWidth));
    return { left: label + 26, right: 14, top: 14, bottom: 14 };
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    this.repaint();
  }

  /** @param {Touched | null} touched */
  touch(touched) {
    this.touched = touched;
    this.request();
  }

  /**
   * Follows the cursor.
   *
   * @param {{x: number, y: number} | null} cursor in CSS pixels of the stage
   * @returns {number} number of the unit under it; -1 where there is none
   */
  point(cursor) {
    this.cursor = cursor;
    this.request();
    if (!cursor) return -1;
    const { origin, direction } = this.view.ray(cursor.x, cursor.y);
    return pickBox(origin, direction, this.boxes.extents, 0, this.layout.count)?.index ?? -1;
  }

  /** Colours and heights are no longer right. */
  repaint() {
    this.stale.colours = true;
    this.redraw();
  }

  /** The boxes must be drawn again. */
  redraw() {
    this.stale.scene = true;
    this.request();
  }

  request() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    if (!this.layout.count) return;
    const colours = inks(this.stage);
    if (this.stale.colours) this.boxes.paint(colours.ink, this.shown.activations, this.rangeOf, this.mapOf, theme());
    if (this.stale.scene) this.view.draw(colours.ground);
    this.stale = { colours: false, scene: false };
    const project = this.view.projection();
    const leaders = placeLabels(this.all(".label"), this.layout.layers, project, this.view, this.cursor);
    placeClasses(this.all(".class"), this.layout, this.boxes.extents, project, this.cursor);
    drawOverlay(this.lines, this.view, {
      touched: this.touched,
      layers: this.layout.layers,
      unitBoxes: this.boxes.extents,
      leaders,
      project,
      inks: colours,
      theme: theme(),
    });
  }

  /** @param {string} selector @returns {HTMLElement[]} */
  all(selector) {
    return [...this.stage.querySelectorAll(selector)].map((element) => /** @type {HTMLElement} */ (element));
  }

  /** @param {string} name @param {Tensor} tensor @returns {Range} */
  rangeOf = (name, tensor) => this.shown.ranges[name] ?? valueRange(tensor.data);

  /** @param {string} name @param {Range} range */
  mapOf = (name, { low }) => this.shown.maps[name] ?? (low < 0 ? "diverging" : "sequential");

  dispose() {
    cancelAnimationFrame(this.frame);
    this.boxes.dispose();
    this.view.dispose();
  }
}

/** The corners of every layer's box. @param {import("./layout.js").NetworkLayout} layout */
function corners({ layers }) {
  return layers.flatMap(({ width, depth, y, z, thickness, relief }) =>
    [-width / 2, width / 2].flatMap((x) =>
      [z - depth / 2, z + depth / 2].flatMap((back) =>
        [y, y + thickness + relief].map((h) => /** @type {[number, number, number]} */ ([x, h, back])),
      ),
    ),
  );
}

/** Colours of the page as they are now. @param {HTMLElement} element */
function inks(element) {
  const style = getComputedStyle(element);
  const ink = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { ground: style.backgroundColor, ink: ink("--ink"), faint: ink("--line-strong"), touch: ink("--touch") };
}
