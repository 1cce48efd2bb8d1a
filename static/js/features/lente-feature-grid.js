import { css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { repaintOnTheme, theme } from "../frame/theme.js";
import { colourMap, colourise, valueRange } from "../shared/colours.js";
import { Press } from "../shared/ui/press.js";
import { gridPlace } from "../shared/ui/grid_keys.js";

/** @typedef {import("./maps.js").ChannelStack} ChannelStack */

const GAP = 4;
const LARGEST = 160;
const MOST_KEPT = 512;
const QUICK = 1024;

/**
 * All maps of a layer on one canvas of the size of what can be seen of them: only that much is painted.
 *
 * @fires channel - number of the map that was chosen
 * @fires channel-touch - number of the map under the cursor, or null
 */
export class LenteFeatureGrid extends ShadowElement {
  static properties = {
    stack: { attribute: false },
    order: { attribute: false },
    range: { attribute: false },
    selected: { type: Number },
    muted: { attribute: false },
    touched: { state: true },
    width: { state: true },
  };

  static styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .window {
      position: relative;
      overflow-y: auto;
      overflow-x: hidden;
      max-height: var(--grid-height, 33rem);
      cursor: pointer;
      outline-offset: 3px;
    }
    .window:focus-visible {
      outline: 2px solid var(--ink);
    }
    canvas {
      position: sticky;
      top: 0;
      display: block;
      width: 100%;
      image-rendering: pixelated;
    }
    .mark {
      position: absolute;
      box-sizing: border-box;
      pointer-events: none;
      outline: 2px solid var(--touch);
      outline-offset: 0;
    }
    .mark[data-kind="touched"] {
      background: var(--touch-soft);
    }
  `;

  constructor() {
    super();
    /** @type {ChannelStack | null} */ this.stack = null;
    /** @type {number[]} */ this.order = [];
    /** Of every map; each map's own if null. @type {{low: number, high: number} | null} */ this.range = null;
    this.selected = 0;
    /** @type {Set<number>} */ this.muted = new Set();
    /** @type {number | null} */ this.touched = null;
    this.width = 0;
    this.tallest = 0;
    this.press = new Press();
    this.small = new OffscreenCanvas(1, 1);
    /** Maps painted already, as large as they are shown. @type {Map<number, OffscreenCanvas>} */ this.tiles =
      new Map();
    /** What they were painted with. @type {unknown[]} */ this.look = [];
    repaintOnTheme(this, () => this.paint());
    this.watcher = new ResizeObserver(() => this.measure());
  }

  connectedCallback() {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
  }

  /** How the maps lie: columns, side of a tile, step from one to the next, height of all. */
  get plan() {
    const side = Math.max(this.stack?.rows ?? 1, this.stack?.columns ?? 1);
    const wanted = side === 1 ? 28 : side < 12 ? 52 : 64;
    const most = Math.max(1, Math.floor((this.width - GAP) / (wanted + GAP)));
    const whole = Array.from({ length: most }, (_, i) => this.planOf(i + 1)).find(
      ({ height, tile }) => height <= this.tallest && tile <= LARGEST,
    );
    return whole ?? this.planOf(most);
  }

  /** @param {number} columns */
  planOf(columns) {
    const tile = Math.max(1, Math.floor((this.width - GAP * (columns + 1)) / columns));
    return { columns, tile, step: tile + GAP, height: Math.ceil(this.order.length / columns) * (tile + GAP) + GAP };
  }

  /** Measures the place that there is. */
  measure() {
    const view = this.renderRoot.querySelector(".window");
    if (view) this.tallest = parseFloat(getComputedStyle(view).maxHeight) || 0;
    this.width = this.clientWidth;
  }

  render() {
    const { height } = this.plan;
    const label = t("Maps of the layer; arrow keys choose one");
    return html`<div
      class="window"
      tabindex="0"
      role="group"
      aria-label=${label}
      @scroll=${this.paint}
      @pointermove=${this.onPoint}
      @pointerup=${this.press.note}
      @pointerleave=${() => this.touch(null)}
      @click=${this.onClick}
      @keydown=${this.onKey}
    >
      <div style=${styleMap({ height: `${height}px` })}><canvas></canvas></div>
      ${this.mark(this.selected, "selected")}${this.touched === null ? nothing : this.mark(this.touched, "touched")}
    </div>`;
  }

  /** @param {number} channel @param {string} kind */
  mark(channel, kind) {
    const at = this.order.indexOf(channel);
    if (at < 0 || !this.width) return nothing;
    const { columns, tile, step } = this.plan;
    const place = {
      left: `${GAP + (at % columns) * step}px`,
      top: `${GAP + Math.floor(at / columns) * step}px`,
      width: `${tile}px`,
      height: `${tile}px`,
    };
    return html`<div class="mark" data-kind=${kind} style=${styleMap(place)}></div>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.size > 1 || !changed.has("touched")) this.paint();
  }

  paint() {
    const view = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".window"));
    const canvas = view?.querySelector("canvas");
    if (!view || !canvas || !this.stack || !this.width) return;
    const { columns, tile, step, height } = this.plan;
    const shown = Math.min(height, view.clientHeight);
    const dense = devicePixelRatio;
    canvas.width = Math.round(this.width * dense);
    canvas.height = Math.round(shown * dense);
    canvas.style.height = `${shown}px`;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.scale(dense, dense);
    context.imageSmoothingEnabled = this.stack.rows > tile * dense;
    this.keepTiles([this.stack, this.range?.low, this.range?.high, tile, dense, theme()]);
    this.small.width = this.stack.columns;
    this.small.height = this.stack.rows;
    const first = Math.floor(view.scrollTop / step) * columns;
    const last = Math.min(this.order.length, Math.ceil((view.scrollTop + shown) / step) * columns);
    for (let at = first; at < last; at++) {
      const [x, y] = [GAP + (at % columns) * step, GAP + Math.floor(at / columns) * step - view.scrollTop];
      context.globalAlpha = this.muted.has(this.order[at]) ? 0.25 : 1;
      context.drawImage(this.tileOf(this.order[at], Math.round(tile * dense)), x, y, tile, tile);
    }
  }

  /** Forgets what was painted with another look, or when there is too much of it. @param {unknown[]} look */
  keepTiles(look) {
    if (this.tiles.size <= MOST_KEPT && look.every((part, i) => part === this.look[i])) return;
    this.tiles.clear();
    this.look = look;
  }

  /** A map as a picture; a large one as a square of `side` pixels that is kept. @param {number} channel @param {number} side */
  tileOf(channel, side) {
    const kept = this.tiles.get(channel);
    if (kept) return kept;
    const { rows, columns } = /** @type {ChannelStack} */ (this.stack);
    const small = this.pictureOf(channel);
    if (rows * columns <= QUICK) return small;
    const tile = new OffscreenCanvas(side, side);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext("2d"));
    context.imageSmoothingEnabled = rows > side;
    context.drawImage(small, 0, 0, side, side);
    this.tiles.set(channel, tile);
    return tile;
  }

  /** A map, a pixel for each value, until the next one is asked for. @param {number} channel */
  pictureOf(channel) {
    const { rows, columns, data } = /** @type {ChannelStack} */ (this.stack);
    const count = rows * columns;
    const values = data.subarray(channel * count, (channel + 1) * count);
    const { low, high } = this.range ?? valueRange(values);
    const pixels = colourise(values, colourMap(low < 0 ? "diverging" : "sequential", theme()), low, high);
    this.small
      .getContext("2d")
      ?.putImageData(
        new ImageData(new Uint8ClampedArray(/** @type {ArrayBuffer} */ (pixels.buffer)), columns, rows),
        0,
        0,
      );
    return this.small;
  }

  /** @param {MouseEvent} event @param {import("../shared/ui/press.js").Place} place @returns {number | null} */
  channelAt({ currentTarget }, { clientX, clientY }) {
    const view = /** @type {HTMLElement} */ (currentTarget);
    const box = view.getBoundingClientRect();
    const { columns, step } = this.plan;
    const column = Math.floor((clientX - box.left - GAP / 2) / step);
    const row = Math.floor((clientY - box.top + view.scrollTop - GAP / 2) / step);
    return column >= 0 && column < columns ? (this.order[row * columns + column] ?? null) : null;
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    this.touch(this.channelAt(event, event));
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const channel = this.channelAt(event, this.press.placeOf(event));
    if (channel !== null) this.send("channel", channel);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { columns, step } = this.plan;
    const at = gridPlace(event, this.order.indexOf(this.selected), columns, this.order.length);
    if (at === null) return;
    event.preventDefault();
    const view = /** @type {HTMLElement} */ (event.currentTarget);
    const top = Math.floor(at / columns) * step;
    if (top < view.scrollTop || top + step > view.scrollTop + view.clientHeight) view.scrollTop = top;
    this.send("channel", this.order[at]);
  }

  /** @param {number | null} channel */
  touch(channel) {
    if (channel === this.touched) return;
    this.touched = channel;
    this.send("channel-touch", channel);
  }

  /** @param {"channel" | "channel-touch"} name @param {number | null} detail */
  send(name, detail) {
    this.emit(name, detail);
  }
}

customElements.define("lente-feature-grid", LenteFeatureGrid);
