import { Chart } from "vendor/chart";
import { css, html, nothing, styleMap } from "vendor/lit";
import { ShadowElement } from "../../frame/element.js";
import { onThemeChange } from "../../frame/theme.js";
import { decimalsOf, formatNumber } from "../numbers.js";

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {string} colour custom property, such as "--class-0"
 * @property {(number | null)[]} values as long as `x`; null where nothing was measured
 * @property {boolean} [dashed]
 * @property {string} [told] its last value in words, instead of the number
 */

/** Pixels of a figure beside an axis. */
const FIGURE = 7.3;

/**
 * Lines over a common axis, with their names and last values beneath (uPlot).
 *
 * @fires chart-pick - the x that was clicked, one of `x`
 */
export class LenteChart extends ShadowElement {
  static properties = {
    x: { attribute: false },
    series: { attribute: false },
    logarithmic: { type: Boolean },
    range: { attribute: false },
    at: { attribute: false },
    label: { type: String },
    height: { type: Number },
  };

  // What uPlot's own style sheet says of the parts that are used here.
  static styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .plot {
      position: relative;
      cursor: pointer;
      overflow-x: clip; /* a plot is drawn anew a frame after its room has become narrower */
    }
    .uplot,
    .uplot * {
      box-sizing: border-box;
    }
    .u-wrap {
      position: relative;
      user-select: none;
    }
    .u-over,
    .u-under,
    .u-axis {
      position: absolute;
    }
    .u-under {
      overflow: hidden;
    }
    .uplot canvas {
      display: block;
      position: relative;
      width: 100%;
      height: 100%;
    }
    .at {
      position: absolute;
      width: 0;
      border-left: 2px solid var(--touch);
      pointer-events: none;
    }
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0.1rem 1.2rem;
      margin: 0.2rem 0 0;
      padding: 0;
      list-style: none;
      font: var(--size-small)/1.4 var(--prose);
    }
    li i {
      display: inline-block;
      width: 1.1rem;
      border-top: 3px solid var(--line-of);
      vertical-align: middle;
      margin-right: 0.35rem;
    }
    li i.dashed {
      border-top-style: dashed;
    }
    li b {
      font: 500 var(--size-figure) var(--figures);
    }
  `;

  constructor() {
    super();
    /** @type {number[]} growing */ this.x = [];
    /** @type {Series[]} */ this.series = [];
    this.logarithmic = false;
    /** @type {[number, number] | null} of the values; what they need if null */ this.range = null;
    /** @type {number | null} a place on the axis that is being looked at */ this.at = null;
    this.label = "";
    this.height = 170;
    /** @type {Chart | null} */ this.chart = null;
    /** @type {(() => void)[]} */ this.ends = [];
  }

  connectedCallback() {
    super.connectedCallback();
    const watcher = new ResizeObserver(() => this.fit());
    watcher.observe(this);
    this.ends = [() => watcher.disconnect(), onThemeChange(() => this.draw())];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.chart?.destroy();
    this.chart = null;
  }

  render() {
    const last = this.series.map(({ values }) => values.findLast((value) => value !== null));
    return html`<div class="plot" role="img" aria-label=${this.label} @click=${this.onClick}>
        <div class="lines"></div>
        ${this.mark()}
      </div>
      <ul>
        ${this.series.map(({ name, colour, dashed, told }, i) => {
          const value = told ?? (last[i] === undefined ? "" : formatNumber(/** @type {number} */ (last[i])));
          return html`<li>
            <i class=${dashed ? "dashed" : ""} style=${styleMap({ "--line-of": `var(${colour})` })}></i>${name}
            <b>${value}</b>
          </li>`;
        })}
      </ul>`;
  }

  mark() {
    const { chart, at } = this;
    if (!chart || at === null || this.x.length < 2) return nothing;
    const { left, top, height } = chart.bbox;
    const place = {
      left: `${left / devicePixelRatio + chart.valToPos(at, "x")}px`,
      top: `${top / devicePixelRatio}px`,
      height: `${height / devicePixelRatio}px`,
    };
    return html`<span class="at" style=${styleMap(place)}></span>`;
  }

  firstUpdated() {
    this.draw();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const kinds = this.kinds();
    if (kinds !== this.drawn) this.draw();
    else if (changed.has("x") || changed.has("series")) this.chart?.setData(this.data);
  }

  /** What a chart is made for; another needs another chart. */
  kinds() {
    return JSON.stringify([this.series.map(({ name, colour }) => [name, colour]), this.logarithmic, this.range]);
  }

  /** @returns {[number[], ...(number | null)[][]]} */
  get data() {
    const shown = (/** @type {number | null} */ value) =>
      value === null || !Number.isFinite(value) || (this.logarithmic && value <= 0) ? null : value;
    return [this.x, ...this.series.map(({ values }) => values.map(shown))];
  }

  /** A number along the axis: counts stay whole. @param {number} tick @param {number} step */
  along(tick, step) {
    if (!this.x.every(Number.isInteger)) return rounded(tick, step);
    return Number.isInteger(tick) ? formatNumber(tick) : "";
  }

  /** On a logarithmic axis only powers of ten have a line, and no more than five or so. */
  get powers() {
    if (!this.logarithmic) return {};
    const filter = (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => {
      const powers = ticks.map((tick) => Math.log10(tick));
      const every = Math.max(1, Math.ceil((powers[powers.length - 1] - powers[0]) / 5));
      return ticks.map((tick, i) => (whole(powers[i]) && Math.round(powers[i]) % every === 0 ? tick : null));
    };
    const line = getComputedStyle(this).getPropertyValue("--line");
    return { filter, grid: { stroke: line, width: 1, filter }, ticks: { stroke: line, width: 1, size: 4, filter } };
  }

  draw() {
    this.chart?.destroy();
    this.chart = null;
    const width = Math.floor(this.clientWidth);
    const place = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".lines"));
    if (!width || !place) return;
    this.drawn = this.kinds();
    const style = getComputedStyle(this);
    const of = (/** @type {string} */ name) => style.getPropertyValue(name);
    const axis = {
      stroke: of("--ink-soft"),
      font: `12px ${of("--figures")}`,
      grid: { stroke: of("--line"), width: 1 },
      ticks: { stroke: of("--line"), width: 1, size: 4 },
    };
    this.chart = new Chart(
      {
        width,
        height: this.height,
        cursor: { show: false },
        legend: { show: false },
        scales: {
          x: { time: false },
          y: { distr: this.logarithmic ? 3 : 1, ...(this.range ? { range: this.range } : {}) },
        },
        axes: [
          { ...axis, size: 26, values: (_, ticks, __, ___, step) => ticks.map((tick) => this.along(tick, step)) },
          {
            ...axis,
            ...this.powers,
            size: (_, words) => 12 + FIGURE * Math.max(3, ...(words ?? []).map((word) => word.length)),
            values: (_, ticks, __, ___, step) =>
              ticks.map((tick) => (this.logarithmic ? written(tick) : rounded(tick, step))),
          },
        ],
        series: [
          {},
          ...this.series.map(({ colour, dashed }) => ({
            stroke: of(colour),
            width: 2,
            spanGaps: true,
            points: { show: () => this.x.length < 2 },
            ...(dashed ? { dash: [6, 4] } : {}),
          })),
        ],
      },
      this.data,
      place,
    );
    this.requestUpdate();
  }

  fit() {
    const width = Math.floor(this.clientWidth);
    if (!this.chart) this.draw();
    else if (width && width !== this.chart.width) {
      this.chart.setSize({ width, height: this.height });
      this.requestUpdate();
    }
  }

  /** @param {MouseEvent} event */
  onClick({ clientX }) {
    const { chart } = this;
    if (!chart || !this.x.length) return;
    const wanted = chart.posToVal(clientX - chart.over.getBoundingClientRect().left, "x");
    const nearest = this.x.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
    this.emit("chart-pick", nearest);
  }
}

/** A number with the decimals of its steps. @param {number | null} tick @param {number} step */
function rounded(tick, step) {
  if (tick === null) return "";
  const decimals = decimalsOf(step || 1);
  return decimals > 6 ? formatNumber(tick) : formatNumber(tick, decimals);
}

/** @param {number} power */
const whole = (power) => Math.abs(power - Math.round(power)) < 1e-6;

/** A number beside an axis: powers of ten that are far from 1 as such. @param {number | null} tick */
function written(tick) {
  if (tick === null) return "";
  const power = Math.log10(Math.abs(tick));
  return tick && whole(power) && (power < -2 || power > 4)
    ? `1e${String(Math.round(power)).replace("-", "−")}`
    : formatNumber(tick);
}

customElements.define("lente-chart", LenteChart);
