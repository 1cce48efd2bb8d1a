import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { newest } from "../shared/newest.js";
import { exactNumber, formatNumber } from "../shared/numbers.js";
import { SIDE, cellField, panel, placeOf } from "./panels.js";
import { centred, noisy } from "./schedule.js";
import { fetchDiffusion, fetchNoise } from "./server.js";
import { writtenSum } from "./sums.js";
import "../autoencoder/lente-digit-source.js";
import "../shared/ui/lente-chart.js";

/**
 * @typedef {import("./schedule.js").Schedule} Schedule
 * @typedef {Float32Array<ArrayBuffer>} Pixels
 * @typedef {{clean: Pixels, noise: Pixels, x: Pixels, step: number, seed: number}} Noised a picture with noise in it
 */

const LAST = 1000;
const FIRST_STEP = 400;
const MOST_SEED = 2 ** 32 - 1;

/**
 * Noise put into a picture, as much as its step says, and the sum for one pixel. Rendered in the page.
 *
 * @fires noised - Noised, after every change
 */
export class LenteDiffusionIn extends LenteElement {
  static properties = {
    step: { state: true },
    seed: { state: true },
    cell: { state: true },
    clean: { state: true },
    noise: { state: true },
    schedule: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.step = FIRST_STEP;
    this.seed = 0;
    this.cell = { row: 14, column: 14 };
    /** Pixels -1..1. @type {Pixels} */ this.clean = new Float32Array(SIDE * SIDE).fill(-1);
    /** @type {Pixels | null} */ this.noise = null;
    /** @type {Schedule | null} */ this.schedule = null;
    this.fault = "";
    addressed(this, {
      step: { name: "noised", first: FIRST_STEP, accepts: wholeFrom(1, LAST) },
      seed: { name: "noiseseed", first: 0, accepts: wholeFrom(0, MOST_SEED) },
      cell: cellField("index"),
    });
    this.roll = newest(
      async (/** @type {number} */ seed) => {
        const [{ schedule }, noise] = await Promise.all([fetchDiffusion(), fetchNoise(seed)]);
        return { schedule, noise };
      },
      (found) => Object.assign(this, { ...found, fault: "" }),
      (error) => (this.fault = error.message),
    );
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("seed")) this.roll(this.seed);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!["step", "clean", "noise", "schedule"].some((name) => changed.has(name))) return;
    const { noised } = this;
    if (noised) this.emit("noised", noised);
    if (changed.has("step")) announce(() => this.querySelector("[data-part=shares]")?.textContent);
  }

  /** @returns {Noised | null} */
  get noised() {
    const { schedule, clean, noise, step, seed } = this;
    return schedule && noise && { clean, noise, x: noisy(schedule, clean, noise, step), step, seed };
  }

  render() {
    const { schedule, noised } = this;
    return html`<div class="noise-flow" ?data-waiting=${!noised}>
        <lente-digit-source @picture=${this.onPicture}></lente-digit-source>
        <div class="noise-right">${schedule && noised ? this.whole(schedule, noised) : nothing}</div>
      </div>
      ${notice(this.fault)}`;
  }

  /** @param {Schedule} schedule @param {Noised} noised */
  whole({ a, s }, noised) {
    const { cell, step } = this;
    const place = placeOf(cell);
    const onCell = (/** @type {import("./panels.js").Cell} */ one) => (this.cell = one);
    const terms = [
      { name: "a", factor: a[step], of: "x₀", value: noised.clean[place] },
      { name: "s", factor: s[step], of: "ε", value: noised.noise[place] },
    ];
    return html`<div class="noise-panels three">
        ${panel({ title: t("the picture, x₀"), label: t("The picture, from −1 to 1"), part: "clean", data: noised.clean, kind: "picture" }, cell, onCell)}
        ${panel({ title: t("the noise, ε"), label: t("The noise"), part: "noise", data: noised.noise, kind: "noise" }, cell, onCell)}
        ${panel({ title: t("both together, x"), label: t("The noisy picture"), part: "x", data: noised.x, kind: "picture" }, cell, onCell)}
      </div>
      ${stepSlider(this.step, (value) => (this.step = value))}
      <div class="noise-below">
        <div class="stack">
          <p class="small">${t("Pixel in row {row}, column {column}:", { row: cell.row, column: cell.column })}</p>
          ${writtenSum("noisy", "x", noised.x[place], terms)}
          <p data-part="shares">
            ${t("Step {step} of 1000: a = {a} of the picture and s = {s} of the noise. Their squares make 1: {picture} + {noise}.", { step: formatNumber(step), a: exactNumber(a[step], 4), s: exactNumber(s[step], 4), picture: formatNumber(a[step] ** 2, 4), noise: formatNumber(s[step] ** 2, 4) })}
          </p>
          <div class="row" data-hideable="noise-seed">
            <button type="button" data-do="another-noise" @click=${() => (this.seed = (this.seed + 1) % MOST_SEED)}>
              ${t("Other noise")}
            </button>
          </div>
        </div>
        ${scheduleChart({ a, s }, step, (value) => (this.step = value))}
      </div>`;
  }

  /** @param {CustomEvent<Pixels>} event */
  onPicture({ detail }) {
    this.clean = centred(detail);
  }
}

const EVERY = [...Array(101).keys()].map((i) => 10 * i);

/** @param {Schedule} schedule @param {number} step @param {(step: number) => void} choose */
const scheduleChart = ({ a, s }, step, choose) =>
  html`<lente-chart
    height="130"
    .x=${EVERY}
    .range=${[0, 1]}
    .at=${step}
    .series=${[
      {
        name: t("a, of the picture"),
        colour: "--class-0",
        values: EVERY.map((i) => a[i]),
        told: exactNumber(a[step], 4),
      },
      {
        name: t("s, of the noise"),
        colour: "--class-2",
        values: EVERY.map((i) => s[i]),
        told: exactNumber(s[step], 4),
        dashed: true,
      },
    ]}
    label=${t("How much of picture and noise there is at each step")}
    @chart-pick=${(/** @type {CustomEvent<number>} */ { detail }) => choose(Math.max(1, detail))}
  ></lente-chart>`;

/** @param {number} step @param {(step: number) => void} choose */
export const stepSlider = (step, choose) =>
  html`<label class="noise-step" data-hideable="noise-step"
    ><span>${t("Step")}</span
    ><input
      type="range"
      min="1"
      max=${LAST}
      step="1"
      data-part="step"
      aria-label=${t("Step of 1000: how much noise")}
      .value=${live(String(step))}
      @input=${(/** @type {Event} */ event) => choose(Number(/** @type {HTMLInputElement} */ (event.target).value))}
    /><output class="figures" aria-live="off">${formatNumber(step)}</output></label
  >`;

customElements.define("lente-diffusion-in", LenteDiffusionIn);
