import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { exactNumber, formatNumber } from "../shared/numbers.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { cellField, labelButtons, panel, placeOf } from "./panels.js";
import { hatted } from "./hatted.js";
import { sample } from "./server.js";
import { writtenSum } from "./sums.js";
import "../shared/ui/lente-number.js";
import "../shared/ui/lente-pictures.js";

/** @typedef {import("./server.js").Moment} Moment */

const ANY = 10;
const STEPS = [1, 2, 5, 10, 25, 50, 100, 250];
const MANY = 16;
const MOST_SEED = 2 ** 32 - 1;
/** Milliseconds of a moment while it plays. */
const PACE = 80;
/** @type {import("./server.js").Want[]} */
const WANTS = ["x", "velocity", "noise", "estimate", "remaining", "fresh", "after"];

/** A digit out of noise, step by step, with the sum of each step for one pixel; and sixteen at once. Rendered in the page. */
export class LenteDiffusionOut extends LenteElement {
  static properties = {
    seed: { state: true },
    steps: { state: true },
    kind: { state: true },
    label: { state: true },
    at: { state: true },
    cell: { state: true },
    playing: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.seed = 1;
    this.steps = 25;
    /** @type {"ddim" | "ancestral"} */ this.kind = "ddim";
    this.label = ANY;
    /** Which moment is shown; the last one if null. @type {number | null} */ this.at = null;
    this.cell = { row: 14, column: 14 };
    this.playing = false;
    this.fault = "";
    /** Moments so far of the digit that is drawn. @type {Moment[]} */ this.moments = [];
    /** Of the sixteen, as they form. @type {Float32Array | null} */ this.many = null;
    addressed(this, {
      seed: { name: "outseed", first: 1, accepts: wholeFrom(0, MOST_SEED) },
      steps: { name: "outsteps", first: 25, accepts: oneOf(STEPS) },
      kind: { name: "outkind", first: "ddim", accepts: oneOf(["ddim", "ancestral"]) },
      label: { name: "outlabel", first: ANY, accepts: wholeFrom(0, ANY) },
      at: { name: "moment", first: null, accepts: wholeFrom(0) },
      cell: cellField("traced"),
    });
    /** @type {LongAnswer<Float32Array>} */ this.one = new LongAnswer(this);
    /** @type {LongAnswer<Float32Array>} */ this.sixteen = new LongAnswer(this);
    this.near = new Near(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  get wish() {
    return { seed: this.seed, steps: this.steps, kind: this.kind, labels: this.label };
  }

  willUpdate() {
    const key = JSON.stringify(this.wish);
    if (!this.near.here || this.one.key === key) return;
    this.sixteen.clear();
    this.many = null;
    if (this.one.key) this.at = null;
    this.draw(key);
  }

  /** @param {string} key */
  draw(key) {
    /** @type {Moment[]} */
    const moments = [];
    this.one.ask(key, (onStep, signal) =>
      sample(
        { ...this.wish, wants: WANTS },
        {},
        (moment, done, total) => {
          if (signal.aborted) return;
          moments.push(moment);
          this.moments = moments;
          onStep({ done, total });
        },
        signal,
      ),
    );
  }

  drawMany() {
    this.sixteen.ask(JSON.stringify(this.wish), (onStep, signal) =>
      sample(
        { ...this.wish, count: MANY, wants: ["estimate_bytes"] },
        {},
        ({ tensors }, done, total) => {
          if (signal.aborted) return;
          this.many = Float32Array.from(tensors.estimate_bytes.data, (byte) => byte / 255);
          onStep({ done, total });
        },
        signal,
      ),
    );
  }

  /** The place of the moment that is shown. */
  get shown() {
    return Math.min(this.at ?? Infinity, this.moments.length - 1);
  }

  play() {
    this.playing = !this.playing;
    clearTimeout(this.timer);
    if (!this.playing) return;
    if (this.shown >= this.moments.length - 1) this.at = 0;
    this.timer = setTimeout(() => this.next(), PACE);
  }

  next() {
    if (!this.playing) return;
    this.at = this.shown + 1;
    if (this.at >= this.steps - 1) this.playing = false;
    else this.timer = setTimeout(() => this.next(), PACE);
  }

  /** @param {number} at */
  go(at) {
    this.playing = false;
    clearTimeout(this.timer);
    this.at = Math.max(0, Math.min(at, this.moments.length - 1));
    announce(() => this.querySelector("[data-part=moment]")?.textContent);
  }

  render() {
    const moment = this.moments[this.shown];
    return html`${this.settings()}
      <div class="noise-whole out">${moment ? this.whole(moment) : nothing}</div>
      ${notice(this.one.state === "failed" ? this.one.fault : this.fault)} ${this.crowd()}`;
  }

  settings() {
    return html`<div class="noise-tools row">
      <span class="row" data-hideable="out-label">
        <span>${t("Draw:")}</span>
        ${labelButtons(this.label, (label) => (this.label = label), t("Which digit is drawn"), t("any digit"))}
      </span>
      <label data-hideable="out-steps"
        >${t("Steps")}
        <select
          data-part="steps"
          @change=${(/** @type {Event} */ event) => (this.steps = Number(/** @type {HTMLSelectElement} */ (event.target).value))}
        >
          ${STEPS.map((steps) => html`<option value=${steps} ?selected=${steps === this.steps}>${steps}</option>`)}
        </select></label
      >
      <span class="segments" role="group" aria-label=${t("Kind of steps")} data-hideable="out-kind">
        ${
          /** @type {const} */ ([
            ["ddim", t("without fresh noise (DDIM)")],
            ["ancestral", t("with fresh noise")],
          ]).map(
            ([kind, words]) =>
              html`<button
                type="button"
                data-kind=${kind}
                aria-pressed=${kind === this.kind}
                @click=${() => (this.kind = kind)}
              >
                ${words}
              </button>`,
          )
        }
      </span>
      <span
        class="row"
        data-hideable="out-seed"
        @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.fault = detail)}
      >
        <span>${t("Seed")}</span>
        <lente-number
          label=${t("Seed of the noise")}
          .value=${this.seed}
          whole
          .min=${0}
          .max=${MOST_SEED}
          @number=${(/** @type {CustomEvent<number>} */ { detail }) => this.sow(detail)}
        ></lente-number>
        <button type="button" data-do="another-seed" @click=${() => this.sow((this.seed + 1) % MOST_SEED)}>
          ${t("Another")}
        </button>
      </span>
    </div>`;
  }

  /** @param {number} seed */
  sow(seed) {
    Object.assign(this, { seed: Math.round(seed), fault: "" });
  }

  /** @param {Moment} moment */
  whole(moment) {
    const { cell } = this;
    const of = (/** @type {string} */ name) => moment.tensors[name].data;
    const onCell = (/** @type {import("./panels.js").Cell} */ one) => (this.cell = one);
    const words = { step: formatNumber(moment.step), earlier: formatNumber(moment.earlier) };
    return html`<div class="noise-panels four">
        ${panel({ title: t("x at step {step}", words), label: t("The noisy picture"), part: "x", data: of("x"), kind: "picture" }, cell, onCell)}
        ${panel({ title: t("the noise that it finds, ε̂"), label: t("The noise that the network finds"), part: "noise", data: of("noise"), kind: "noise" }, cell, onCell)}
        ${panel({ title: t("where it would end, x̂₀"), label: t("The estimate of the end"), part: "estimate", data: of("estimate"), kind: "picture" }, cell, onCell)}
        ${panel({ title: t("x at step {earlier}", words), label: t("The picture after this step"), part: "after", data: of("after"), kind: "picture" }, cell, onCell)}
      </div>
      ${this.scrubber(moment)} ${this.sums(moment)}`;
  }

  /** @param {Moment} moment */
  scrubber({ step, earlier }) {
    const { shown } = this;
    const total = this.one.step.total || this.moments.length;
    return html`<div class="noise-scrubber row" data-hideable="scrubber">
      <button type="button" class="primary" data-do="play" ?disabled=${total < 2} @click=${this.play}>
        ${this.playing ? t("Pause") : t("Play")}
      </button>
      <button type="button" data-do="back" ?disabled=${shown <= 0} @click=${() => this.go(shown - 1)}>
        ${t("One step back")}
      </button>
      <button
        type="button"
        data-do="on"
        ?disabled=${shown >= this.moments.length - 1}
        @click=${() => this.go(shown + 1)}
      >
        ${t("One step")}
      </button>
      <input
        type="range"
        min="0"
        max=${Math.max(1, total - 1)}
        step="1"
        data-part="moments"
        aria-label=${t("Which step is shown")}
        ?disabled=${total < 2}
        .value=${live(String(shown))}
        @input=${(/** @type {Event} */ event) => this.go(Number(/** @type {HTMLInputElement} */ (event.target).value))}
      />
      <output aria-live="off" data-part="moment"
        >${t("{at} of {total}: from step {step} to {earlier}", { at: shown + 1, total, step: formatNumber(step), earlier: formatNumber(earlier) })}</output
      >
    </div>`;
  }

  /** @param {Moment} moment */
  sums({ a, s, next_a, next_s, sigma, tensors }) {
    const { cell } = this;
    const place = placeOf(cell);
    const of = (/** @type {string} */ name) => tensors[name]?.data[place] ?? 0;
    const straight = a * of("x") - s * of("velocity");
    const kept = Math.sqrt(Math.max(0, next_s ** 2 - sigma ** 2));
    const cut = Math.abs(straight) > 1;
    const last = [
      { name: "a′", factor: next_a, of: "x̂₀", value: of("estimate") },
      { name: sigma ? "√(s′² − σ²)" : "s′", factor: kept, of: "ε̂", value: of("remaining") },
      ...(sigma ? [{ name: "σ", factor: sigma, of: "z", value: of("fresh") }] : []),
    ];
    return html`<div class="noise-sums">
      <p class="small">
        ${hatted(t("Pixel in row {row}, column {column}: the network answers v = {v}, which is a · ε̂ − s · x̂₀; both follow from it.", { row: cell.row, column: cell.column, v: formatNumber(of("velocity")) }))}
      </p>
      ${writtenSum(
        "estimate",
        "x̂₀",
        straight,
        [
          { name: "a", factor: a, of: "x", value: of("x") },
          { name: "s", factor: s, of: "v", value: of("velocity"), minus: true },
        ],
        cut ? html`<span>${t("cut to {value}", { value: formatNumber(of("estimate")) })}</span>` : "",
      )}
      ${
        cut
          ? html`<div class="noise-sum figures" data-sum="noise">
              <span class="noise-letters">${hatted("ε̂ = (x − a · x̂₀) / s")}</span>
              <output aria-live="off"
                >${exactNumber(of("remaining"), 5)} = (${exactNumber(of("x"), 5)} − ${exactNumber(a, 5)} ·
                ${formatNumber(of("estimate"))}) / ${exactNumber(s, 5)}</output
              >
            </div>`
          : writtenSum("noise", "ε̂", of("noise"), [
              { name: "s", factor: s, of: "x", value: of("x") },
              { name: "a", factor: a, of: "v", value: of("velocity") },
            ])
      }
      ${writtenSum("after", "x′", of("after"), last)}
    </div>`;
  }

  /** Sixteen digits of the same settings. */
  crowd() {
    const { state, fault, step } = this.sixteen;
    return html`<div class="noise-crowd" data-hideable="crowd">
      <div class="row">
        <button type="button" data-do="sixteen" ?disabled=${state === "busy"} @click=${this.drawMany}>
          ${t("Sixteen at once")}
        </button>
        ${state === "busy" ? html`<span class="small figures">${step.done} / ${step.total || this.steps}</span>` : nothing}
      </div>
      ${
        this.many
          ? html`<lente-pictures
              still
              columns="8"
              .pictures=${this.many}
              label=${t("Sixteen digits out of noise")}
            ></lente-pictures>`
          : nothing
      }
      ${notice(state === "failed" ? fault : "")}
    </div>`;
  }
}

customElements.define("lente-diffusion-out", LenteDiffusionOut);
