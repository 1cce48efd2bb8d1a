import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { fetchDiffusion } from "./server.js";
import { COUNT, drawnByDiffusion, drawnByVae, RIVAL, written } from "./versus.js";
import "../shared/ui/lente-guess.js";
import "../shared/ui/lente-pictures.js";

/**
 * @typedef {import("./versus.js").Hundred} Hundred
 * @typedef {"vae" | "diffusion" | "written"} Who
 */

const STEPS = [5, 10, 25, 50];
/** @type {Who[]} */
const WHO = ["vae", "diffusion", "written"];
/** How they are called in the figures of the card. @type {Record<Who, string>} */
const CALLED = { vae: RIVAL, diffusion: "25_guidance_0", written: "test" };

/** A hundred digits of a VAE, of diffusion and of people, by the same rulers; the question comes first. */
export class LenteDiffusionVersus extends LenteElement {
  static properties = {
    figures: { state: true },
    guess: { state: true },
    steps: { state: true },
    seed: { state: true },
    hundreds: { state: true },
    forming: { state: true },
    picked: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** The card's. @type {Record<string, number> | null} */ this.figures = null;
    /** The place of the option that was chosen; -1 for none. */ this.guess = -1;
    this.steps = 25;
    this.seed = 1;
    addressed(
      this,
      {
        guess: { name: "rival", first: -1, accepts: oneOf([0, 1]) },
        steps: { name: "rivalsteps", first: 25, accepts: oneOf(STEPS) },
        seed: { name: "rivalseed", first: 1, accepts: wholeFrom(1, 2 ** 31 - 1) },
      },
      () => this.draw(),
    );
    /** @type {Partial<Record<Who, Hundred>>} */ this.hundreds = {};
    /** Digits half way. @type {Float32Array | null} */ this.forming = null;
    /** Which picture of each is looked at. @type {Record<Who, number>} */ this.picked = {
      vae: 0,
      diffusion: 0,
      written: 0,
    };
    /** @type {LongAnswer<true>} */ this.answer = new LongAnswer(this);
    this.fault = "";
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  async load() {
    try {
      this.figures = (await fetchDiffusion()).facts.figures;
      if (!this.asks(this.figures)) this.guess = 0;
      this.draw();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** A hundred of each, once the question is answered. */
  draw() {
    const { seed, steps, guess } = this;
    if (!this.figures || guess < 0 || this.answer.key === `${seed} ${steps}`) return;
    this.hundreds = {};
    this.forming = null;
    this.answer.ask(`${seed} ${steps}`, async (onStep, signal) => {
      const keep = (/** @type {Who} */ who, /** @type {Hundred} */ hundred) => {
        if (!signal.aborted) this.hundreds = { ...this.hundreds, [who]: hundred };
      };
      const forming = (
        /** @type {Float32Array} */ pictures,
        /** @type {number} */ done,
        /** @type {number} */ total,
      ) => {
        if (signal.aborted) return;
        this.forming = pictures;
        onStep({ done, total });
      };
      keep("vae", await drawnByVae(seed));
      keep("diffusion", await drawnByDiffusion(seed, steps, forming, signal));
      keep("written", await written(seed));
      return true;
    });
  }

  render() {
    return html`<div class="versus-exhibit">
      ${this.figures ? this.question(this.figures) : nothing}${this.guess < 0 ? nothing : this.answered()}
      ${notice(this.fault || this.answer.fault)}
    </div>`;
  }

  /** Whether the card has the figures that the question is about. @param {Record<string, number>} figures */
  asks(figures) {
    return WHO.every((who) => `confidence_${CALLED[who]}` in figures);
  }

  /** @param {Record<string, number>} figures */
  question(figures) {
    if (!this.asks(figures)) return nothing;
    const sure = (/** @type {Who} */ who) => figures[`confidence_${CALLED[who]}`];
    const options = [t("the VAE’s"), t("those out of noise")];
    const guess = {
      question: t(
        "A VAE of ten numbers and this network each draw digits, and neither is told which. Whose does the digit network read with more confidence?",
      ),
      options,
      answer: options[Number(sure("diffusion") > sure("vae"))],
      figures: t(
        "Mean confidence over {count} of each: {vae} for the VAE, {diffusion} out of noise; {written} for test digits.",
        {
          count: figures.test_pictures,
          vae: formatPercent(sure("vae")),
          diffusion: formatPercent(sure("diffusion")),
          written: formatPercent(sure("written")),
        },
      ),
    };
    return html`<lente-guess
      data-hideable="rival"
      .guess=${guess}
      .chosen=${options[this.guess] ?? null}
      @guess=${(/** @type {CustomEvent<string>} */ { detail }) => this.choose(options.indexOf(detail))}
    ></lente-guess>`;
  }

  answered() {
    return html`<div class="row" data-hideable="versus-controls">
        <span>${t("Steps of diffusion")}</span>
        <span class="segments" role="group" aria-label=${t("Steps of diffusion")}
          >${STEPS.map((steps) => html`<button type="button" aria-pressed=${steps === this.steps} @click=${() => this.change({ steps })}>${steps}</button>`)}</span
        >
        <button type="button" class="primary" @click=${() => this.change({ seed: this.seed + 1 })}>
          ${t("Another hundred of each")}
        </button>
        ${this.progress()}
      </div>
      <div class="versus-panels">${WHO.map((who) => this.panel(who))}</div>
      ${this.table()}`;
  }

  progress() {
    const { state, step } = this.answer;
    if (state === "stopped") return html`<output>${t("Stopped.")}</output>`;
    if (state !== "busy") return nothing;
    return html`<output aria-live="off"
        >${step.total ? t("step {done} of {total}", { done: step.done, total: step.total }) : t("Waiting for its turn…")}</output
      >
      <button type="button" @click=${() => this.answer.stop()}>${t("Stop")}</button>`;
  }

  /** @param {Who} who */
  panel(who) {
    const hundred = this.hundreds[who];
    const pictures = hundred?.pictures ?? (who === "diffusion" ? this.forming : null) ?? new Float32Array(784 * COUNT);
    return html`<section>
      <p class="versus-name">${this.nameOf(who)}</p>
      <lente-pictures
        columns="10"
        .pictures=${pictures}
        .chosen=${hundred ? this.picked[who] : null}
        label=${t("A hundred digits; choose one to see the training digit that is nearest to it")}
        @pick=${(/** @type {CustomEvent<number>} */ { detail }) => this.pick(who, detail)}
        @point=${(/** @type {CustomEvent<number | null>} */ { detail }) => detail !== null && this.pick(who, detail)}
      ></lente-pictures>
      ${hundred ? this.pair(hundred, this.picked[who]) : html`<div class="versus-pair"></div>`}
    </section>`;
  }

  /** @param {Hundred} hundred @param {number} index */
  pair({ pictures, neighbours, nearest }, index) {
    const one = (/** @type {Float32Array} */ all) => all.subarray(784 * index, 784 * (index + 1));
    return html`<div class="versus-pair">
      <lente-pictures still .pictures=${one(pictures)} label=${t("The digit")}></lente-pictures>
      <lente-pictures still .pictures=${one(neighbours)} label=${t("The nearest training digit")}></lente-pictures>
      <p class="small">
        ${t("Beside it the training digit that is nearest: {distance} apart.", { distance: formatNumber(nearest[index], 3) })}
      </p>
    </div>`;
  }

  /** What they are compared by. */
  table() {
    const of = (/** @type {(hundred: Hundred) => string} */ said) =>
      WHO.map((who) => {
        const hundred = this.hundreds[who];
        return hundred ? said(hundred) : "…";
      });
    const rows = [
      [t("sharpness: variance of the Laplacian, mean"), ...of((one) => formatNumber(one.sharpness, 3))],
      [t("how many of the ten digits come up"), ...of((one) => String(one.classes))],
      [t("how evenly they come up (at most 3.32 bits)"), ...of((one) => formatNumber(one.evenness, 2))],
      [t("mean confidence of the digit network"), ...of((one) => formatPercent(one.confidence))],
      [t("how many the judge takes for digits"), ...of((one) => String(one.passed))],
      [t("distance to the nearest training digit, median"), ...of((one) => formatNumber(one.distance, 3))],
    ];
    const took = of(({ seconds }) => (seconds === null ? "–" : formatNumber(seconds, 2)));
    return html`<table class="versus-facts">
      <thead>
        <tr>
          <th scope="col">${t("These hundred")}</th>
          ${WHO.map((who) => html`<th scope="col">${this.nameOf(who)}</th>`)}
        </tr>
      </thead>
      ${rowsOf(rows)}
      <tbody data-measured>
        ${rowOf([t("seconds until they were there"), ...took])}
      </tbody>
      ${this.figures ? this.measured(this.figures) : nothing}
    </table>`;
  }

  /** What was measured beforehand, on more of them. @param {Record<string, number>} figures */
  measured(figures) {
    const of = (/** @type {string} */ name, /** @type {(value: number) => string} */ said) =>
      WHO.map((who) => {
        const value = figures[`${name}_${CALLED[who]}`];
        return value === undefined ? "–" : said(value);
      });
    const percent = (/** @type {number} */ value) => formatPercent(value / 100);
    const rows = [
      [t("mean confidence of the digit network"), ...of("confidence", formatPercent)],
      [t("precision: how many lie among real digits"), ...of("precision_percent", percent)],
      [t("recall: how many real digits lie among them"), ...of("recall_percent", percent)],
      [t("Fréchet distance to real digits"), ...of("frechet", (value) => formatNumber(value, 1))],
      [t("distance to the nearest training digit, median"), ...of("nearest", (value) => formatNumber(value, 3))],
      [t("nearer to one than 99 % of unseen digits are"), ...of("nearer_percent", percent)],
    ];
    return html`<thead>
        <tr>
          <th scope="col" colspan="4">
            ${t("Measured beforehand on {count} of each, in 25 steps", { count: figures.test_pictures })}
          </th>
        </tr>
      </thead>
      ${rowsOf(rows)}`;
  }

  /** @param {Who} who */
  nameOf(who) {
    if (who === "vae") return t("VAE, {numbers} numbers", { numbers: 10 });
    return who === "diffusion" ? t("Diffusion, {steps} steps", { steps: this.steps }) : t("Test digits");
  }

  /** @param {number} option */
  choose(option) {
    this.guess = option;
    this.draw();
  }

  /** @param {{seed?: number, steps?: number}} change */
  change(change) {
    Object.assign(this, change);
    this.draw();
  }

  /** @param {Who} who @param {number} index */
  pick(who, index) {
    if (this.hundreds[who]) this.picked = { ...this.picked, [who]: index };
  }
}

/** @param {string[][]} rows */
const rowsOf = (rows) =>
  html`<tbody>
    ${rows.map(rowOf)}
  </tbody>`;

/** @param {string[]} row */
const rowOf = ([name, ...values]) =>
  html`<tr>
    <th scope="row">${name}</th>
    ${values.map((value) => html`<td>${value}</td>`)}
  </tr>`;

customElements.define("lente-diffusion-versus", LenteDiffusionVersus);
