import { html, live, nothing, styleMap, svg } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { asWritten } from "../frame/address_table.js";
import { listOf, numberFrom, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { EXAMPLE, barsOf, density, meanAndSpread, throwsOf } from "./bells.js";
import "./lente-code-table.js";
import "../shared/ui/lente-number.js";

const DRAWS = [1, 10, 100, 1000];
const MOST = 10000;
/** What is drawn of the axis, and how far the settings go. */
const REACH = 6;
const BOUNDS = { mu: [-3, 3], sigma: [0.05, 2] };
const STEPS = 120;
/** Of so many points at most a stroke is drawn each. */
const STROKES = 1000;

/** Four bell curves of their own mu and sigma, points drawn from them, and histograms that fill them. Rendered in the page. */
export class LenteLatentBells extends LenteElement {
  static properties = {
    mu: { state: true },
    sigma: { state: true },
    count: { state: true },
    seed: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {number[]} */ this.mu = EXAMPLE.mu;
    /** @type {number[]} */ this.sigma = EXAMPLE.sigma;
    /** Points drawn of each. */ this.count = 1;
    this.seed = 1;
    this.fault = "";
    const four = (/** @type {number[]} */ [least, most]) => listOf(numberFrom(least, most), 4);
    addressed(this, {
      mu: { name: "mu", first: EXAMPLE.mu, accepts: four(BOUNDS.mu) },
      sigma: { name: "sigma", first: EXAMPLE.sigma, accepts: four(BOUNDS.sigma) },
      count: { name: "drawn", first: 1, accepts: wholeFrom(0, MOST) },
      seed: { name: "bellseed", first: 1, accepts: wholeFrom(0) },
    });
  }

  render() {
    const epsilons = throwsOf(this.seed, this.count, 4);
    const points = epsilons.map((list, i) => list.map((epsilon) => this.mu[i] + this.sigma[i] * epsilon));
    return html`<div class="row bells-tools">
        <span>${t("Draw more points:")}</span>
        <span class="segments" role="group" aria-label=${t("Draw more points:")}>
          ${DRAWS.map(
            (more) =>
              html`<button
                type="button"
                data-draw=${more}
                ?disabled=${this.count + more > MOST}
                @click=${() => this.draw(more)}
              >
                ${formatNumber(more)}
              </button>`,
          )}
        </span>
        <button type="button" data-do="again" @click=${this.again}>${t("Start again")}</button>
        <output aria-live="off" data-part="drawn"
          >${t("Points drawn of each: {count}", { count: formatNumber(this.count) })}</output
        >
      </div>
      <div class="bells" @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.fault = detail)}>
        ${points.map((list, i) => this.bell(i, list))}
      </div>
      ${notice(this.fault)}
      <p>
        ${t("A single point says nothing of its curve; a thousand fill it. Each curve has a height of its own: the area below it is always 1, and that of the bars too.")}
      </p>
      ${this.count ? this.arithmetic(epsilons, points) : nothing}`;
  }

  /** @param {number} i @param {number[]} points */
  bell(i, points) {
    const name = `z${"₁₂₃₄"[i]}`;
    const { mean, spread } = meanAndSpread(points);
    const outside = points.filter((point) => Math.abs(point) > REACH).length;
    return html`<figure class="bell" data-bell=${i}>
      <h3>${name}</h3>
      ${picture(this.mu[i], this.sigma[i], points, t("The bell curve of {name}, and its points", { name }))}
      <div class="bell-axis figures" aria-hidden="true">
        ${[-4, -2, 0, 2, 4].map((tick) => html`<span style=${styleMap({ left: `${50 + (50 * tick) / REACH}%` })}>${formatNumber(tick)}</span>`)}
      </div>
      ${this.setting(i, "mu", "μ")}${this.setting(i, "sigma", "σ")}
      <figcaption>
        ${points.length ? t("its points: mean {mean}, spread {spread}", { mean: formatNumber(mean, 2), spread: formatNumber(spread, 2) }) : nothing}
        ${outside ? t("{count} lie outside.", { count: outside }) : nothing}
      </figcaption>
    </figure>`;
  }

  /** @param {number} i @param {"mu" | "sigma"} name @param {string} sign */
  setting(i, name, sign) {
    const [min, max] = BOUNDS[name];
    const label = `${sign}${"₁₂₃₄"[i]}`;
    return html`<div class="bell-setting">
      <span class="figures">${sign}</span>
      <input
        type="range"
        min=${min}
        max=${max}
        step="0.05"
        data-setting="${name}${i}"
        aria-label=${label}
        .value=${live(String(this[name][i]))}
        @input=${(/** @type {Event} */ event) => this.change(i, name, Number(/** @type {HTMLInputElement} */ (event.target).value))}
      />
      <lente-number
        label=${t("{name}, exact value", { name: label })}
        .value=${this[name][i]}
        .min=${min}
        .max=${max}
        .step=${0.05}
        @number=${(/** @type {CustomEvent<number>} */ { detail }) => this.change(i, name, detail)}
      ></lente-number>
    </div>`;
  }

  /** How the last point of each came about. @param {number[][]} epsilons @param {number[][]} points */
  arithmetic(epsilons, points) {
    const last = (/** @type {number[][]} */ lists) => lists.map((list) => list[list.length - 1]);
    const rows = [
      { name: "μ", meaning: t("the middle, as set above"), values: this.mu },
      { name: "σ", meaning: t("the spread, as set above"), values: this.sigma },
      { name: "ε", meaning: t("the dice: one draw from the bell curve"), values: last(epsilons) },
      { name: "z", meaning: "= μ + σ ε", values: last(points), kind: /** @type {const} */ ("result") },
    ];
    return html`<h3>${t("How the last points came about")}</h3>
      <lente-code-table .decimals=${3} .rows=${rows}></lente-code-table>`;
  }

  /** @param {number} more */
  draw(more) {
    this.count += more;
    announce(() => this.querySelector("[data-part=drawn]")?.textContent);
  }

  again() {
    this.count = 0;
    this.seed += 1;
  }

  /** @param {number} i @param {"mu" | "sigma"} name @param {number} value */
  change(i, name, value) {
    this[name] = asWritten(this[name].map((old, at) => (at === i ? value : old)));
  }
}

/** Curve, bars, and a stroke for each point, the last one longer. @param {number} mu @param {number} sigma @param {number[]} points @param {string} label */
function picture(mu, sigma, points, label) {
  const bars = points.length ? barsOf(points, mu, sigma) : [];
  const highest = 1.05 * Math.max(density(mu, mu, sigma), ...bars.map(({ height }) => height));
  const y = (/** @type {number} */ height) => 100 - (100 * height) / highest;
  const from = mu - 4.5 * sigma;
  const curve = Array.from({ length: STEPS + 1 }, (_, i) => from + (9 * sigma * i) / STEPS).map(
    (x) => `${x.toFixed(4)},${y(density(x, mu, sigma)).toFixed(3)}`,
  );
  const strokes = points.slice(-STROKES).map((point) => `M${point.toFixed(4)} 106v8`);
  const last = points.at(-1);
  return html`<svg
    class="bell-picture"
    role="img"
    aria-label=${label}
    viewBox="${-REACH} 0 ${2 * REACH} 120"
    preserveAspectRatio="none"
  >
    ${bars.map((bar) => svg`<rect x=${bar.x} y=${y(bar.height)} width=${bar.width} height=${100 - y(bar.height)} vector-effect="non-scaling-stroke"></rect>`)}
    <path class="bell-ground" d="M${-REACH} 100H${REACH}" vector-effect="non-scaling-stroke"></path>
    <polyline points=${curve.join(" ")} vector-effect="non-scaling-stroke"></polyline>
    <path class="bell-points" d=${strokes.join("")} vector-effect="non-scaling-stroke"></path>
    ${last === undefined ? nothing : svg`<path class="bell-last" d="M${last} 102v16" vector-effect="non-scaling-stroke"></path>`}
  </svg>`;
}

customElements.define("lente-latent-bells", LenteLatentBells);
