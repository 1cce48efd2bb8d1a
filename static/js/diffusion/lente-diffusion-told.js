import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { numberFrom, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { digitNetwork } from "../digits/server.js";
import { newest } from "../shared/newest.js";
import { formatNumber, formatPercent, sumNumber } from "../shared/numbers.js";
import { variety } from "./apart.js";
import { isSeed, ofBytes, otherSeed } from "./asked.js";
import { Forming } from "./forming.js";
import { cellField, labelButtons, panel, placeOf } from "./panels.js";
import { cleanOf, noiseOf } from "./schedule.js";
import { fetchDiffusion, look, sample } from "./server.js";
import "../shared/ui/lente-pictures.js";

/**
 * @typedef {import("../shared/ui/lente-map.js").Cell} Cell
 * @typedef {{x: Float32Array, step: number}} Noisy a picture on its way
 * @typedef {{told: Float32Array, untold: Float32Array, guided: Float32Array, difference: Float32Array, estimate: Float32Array, step: number, x: Float32Array, guidance: number, asked: number}} Both noise that is predicted, and what follows
 */

const STEPS = 25;
const MOST = 10;
const GUIDANCES = [0, 1, 2, 4, 8];
const COUNT = 6;
/** Steps of the many pictures beneath. */
const FEWER = 15;
const BOTH = 2; // the guidance for which the network is asked both ways

/** Class and guidance: what the network predicts with and without being told, and what comes of the difference. Rendered in the page. */
export class LenteDiffusionTold extends LenteElement {
  static properties = {
    asked: { state: true },
    guidance: { state: true },
    seed: { state: true },
    at: { state: true },
    cell: { state: true },
    both: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.asked = 8;
    this.guidance = 4;
    this.seed = 1;
    /** Which moment of the way is looked at. */ this.at = 6;
    /** @type {Cell} */ this.cell = { row: 14, column: 14 };
    addressed(
      this,
      {
        asked: { name: "asked", first: 8, accepts: wholeFrom(0, 9) },
        guidance: { name: "guidance", first: 4, accepts: numberFrom(0, MOST) },
        seed: { name: "toldseed", first: 1, accepts: isSeed },
        at: { name: "toldstep", first: 6, accepts: wholeFrom(0, STEPS - 1) },
        cell: cellField("toldpixel"),
      },
      () => this.show(),
    );
    /** @type {Noisy[]} one picture on its way */ this.way = [];
    /** @type {Float32Array | null} what it became */ this.last = null;
    /** @type {Both | null} */ this.both = null;
    /** What both were made of. @type {{seen: import("./server.js").Seen, noisy: Noisy, asked: number} | null} */ this.found =
      null;
    /** @type {(Float32Array | null)[]} the pictures of each guidance */ this.rows = GUIDANCES.map(() => null);
    /** @type {import("../digits/server.js").DigitReader | null} */ this.read = null;
    /** @type {import("./schedule.js").Schedule | null} */ this.schedule = null;
    this.fault = "";
    this.drawn = new Forming(this);
    this.sheet = new Forming(this);
    this.compare = newest(
      (/** @type {Noisy} */ { x, step }, /** @type {number} */ asked) =>
        look(Float32Array.from(x), { step, labels: asked, guidance: BOTH }, "told"),
      (seen, noisy, asked) => this.onSeen(seen, noisy, asked),
      (error) => (this.fault = error.message),
    );
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  async load() {
    try {
      const [read, { schedule }] = await Promise.all([digitNetwork(), fetchDiffusion()]);
      Object.assign(this, { read, schedule, fault: "" });
      this.show();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** All of it, anew. */
  show() {
    if (!this.schedule) return;
    this.draw();
    this.sheet.ask(async (signal, formed) => {
      const { seed, asked } = this;
      for (const [i, guidance] of GUIDANCES.entries()) {
        const wish = { count: COUNT, steps: FEWER, seed, labels: asked, guidance };
        const pictures = await sample(
          wish,
          {},
          ({ tensors }) => {
            this.rows[i] = ofBytes(tensors.estimate_bytes.data);
            formed();
          },
          signal,
        );
        this.rows[i] = pictures;
        formed();
      }
    });
  }

  /** One picture, with the guidance that is chosen. */
  draw() {
    this.drawn.ask(async (signal, formed) => {
      const { seed, asked, guidance } = this;
      /** @type {Noisy[]} */ const way = [];
      const told = (/** @type {import("./server.js").Moment} */ { step, tensors }) => {
        way.push({ x: Float32Array.from(tensors.x.data), step });
        if (way.length > this.at && this.way !== way) {
          this.way = way;
          this.compare(way[this.at], asked);
        }
        formed();
      };
      this.last = await sample({ steps: STEPS, seed, labels: asked, guidance, wants: ["x"] }, {}, told, signal);
      formed();
    });
  }

  /** @param {import("./server.js").Seen} seen @param {Noisy} noisy @param {number} asked */
  onSeen(seen, { x, step }, asked) {
    const { schedule, guidance } = this;
    if (!schedule || !seen.told || !seen.untold) return;
    this.found = { seen, noisy: { x, step }, asked };
    const [told, untold] = [seen.told, seen.untold].map(({ data }) => noiseOf(schedule, x, data, step));
    const [w, n] = [seen.told.data, seen.untold.data];
    const velocity = Float32Array.from(w, (value, i) => n[i] + guidance * (value - n[i]));
    const difference = told.map((value, i) => value - untold[i]);
    const guided = untold.map((value, i) => value + guidance * difference[i]);
    const estimate = cleanOf(schedule, x, velocity, step).map((value) => Math.min(1, Math.max(-1, value)));
    this.both = { told, untold, difference, guided, estimate, step, x, guidance, asked };
    this.fault = "";
  }

  render() {
    const fault = this.fault || this.drawn.fault || this.sheet.fault;
    return html`<div class="told-exhibit">
      <div class="row" data-hideable="told-controls">
        ${labelButtons(this.asked, (asked) => this.change({ asked }), t("Which digit is drawn"))}
        <button type="button" @click=${() => this.change({ seed: otherSeed() })}>${t("Other noise")}</button>
      </div>
      ${this.both ? this.step(this.both) : html`<div class="waiting"></div>`} ${this.rows[0] ? this.table() : nothing}
      ${notice(fault)}
    </div>`;
  }

  /** @param {Both} both */
  step(both) {
    return html`<div class="told-sliders" data-hideable="told-controls">
        <label class="slid"
          ><span>${t("Guidance")}</span
          ><input
            type="range"
            min="0"
            max=${MOST}
            step="0.5"
            aria-label=${t("Guidance")}
            .value=${live(String(this.guidance))}
            @input=${(/** @type {Event} */ event) => this.guide(valueOf(event))}
          /><output aria-live="off" class="figures">w = ${formatNumber(this.guidance, 1)}</output></label
        >
        <label class="slid"
          ><span>${t("Moment")}</span
          ><input
            type="range"
            min="0"
            max=${STEPS - 1}
            step="1"
            aria-label=${t("Moment on the way out of the noise")}
            .value=${live(String(this.at))}
            @input=${(/** @type {Event} */ event) => this.go(valueOf(event))}
          /><output aria-live="off" class="figures">${t("step {step}", { step: both.step })}</output></label
        >
      </div>
      <div class="told-pictures" aria-busy=${this.drawn.busy}>${this.panels(both)}</div>
      <p class="figures told-sum">${this.sum(both)}</p>`;
  }

  /** @param {Both} both */
  panels({ x, untold, told, difference, estimate, asked }) {
    const high = roundedUp(Math.max(...difference.map(Math.abs), 1e-6));
    const shown = (
      /** @type {string} */ words,
      /** @type {string} */ part,
      /** @type {Float32Array} */ data,
      /** @type {"picture" | "noise"} */ kind,
      /** @type {number | undefined} */ largest = undefined,
    ) =>
      panel({ title: words, label: words, part, data, kind, high: largest }, this.cell, (cell) => (this.cell = cell));
    return html`${shown(t("The noisy picture"), "x", x, "picture")}
      ${shown(t("Noise found, not told"), "untold", untold, "noise")}
      ${shown(t("Noise found, told {digit}", { digit: asked }), "told", told, "noise")}
      ${shown(t("Told minus not told"), "difference", difference, "noise", high)}
      ${shown(t("The clean picture that follows"), "estimate", estimate, "picture")}
      <figure class="noise-panel" data-part="last">
        <h3>${t("What it becomes")}</h3>
        ${this.last ? html`<lente-pictures still .pictures=${this.last} label=${t("What it becomes")}></lente-pictures>` : nothing}
      </figure>`;
  }

  /** @param {Both} both */
  sum({ told, untold, guided, guidance }) {
    const i = placeOf(this.cell);
    const [aware, without, found, w] = [told[i], untold[i], guided[i], guidance].map(sumNumber);
    const where = t("Pixel in row {row}, column {column}:", { row: this.cell.row, column: this.cell.column });
    return html`${where}
      <span class="no-break"
        >${bracketed(without)} + ${w} · (${aware} − ${bracketed(without)}) = <b>${found}</b></span
      >`;
  }

  /** The same noise with each guidance, and what the numbers say of them. */
  table() {
    const columns = GUIDANCES.map((guidance, i) => ({ guidance, pictures: this.rows[i] }));
    return html`<h3>${t("The same noise, five guidances")}</h3>
      <div class="told-table" aria-busy=${this.sheet.busy}>
        <span></span><span></span><span class="small">${t("read as {digit}", { digit: this.asked })}</span
        ><span class="small">${t("apart from each other")}</span>
        ${columns.map(({ guidance, pictures }) => this.tableRow(guidance, pictures))}
      </div>
      <p class="small">
        ${t("Without guidance any digit is drawn. With more of it the pictures become more alike: what is typical of the digit, again and again.")}
      </p>`;
  }

  /** @param {number} guidance @param {Float32Array | null} pictures */
  tableRow(guidance, pictures) {
    const each = pictures ? Array.from({ length: COUNT }, (_, i) => pictures.subarray(784 * i, 784 * (i + 1))) : [];
    const shares = each.map((one) => this.read?.(one).probabilities[this.asked] ?? 0);
    const mean = shares.reduce((sum, share) => sum + share, 0) / COUNT;
    return html`<span class="figures">w = ${formatNumber(guidance)}</span>
      ${pictures ? html`<lente-pictures still columns=${COUNT} .pictures=${pictures} label=${t("Guidance {guidance}", { guidance })}></lente-pictures>` : html`<span class="waiting"></span>`}
      <output aria-live="off" class="figures" data-figure="read">${pictures ? formatPercent(mean) : ""}</output>
      <output aria-live="off" class="figures" data-figure="apart"
        >${pictures ? formatNumber(variety(pictures), 3) : ""}</output
      >`;
  }

  /** @param {{asked?: number, seed?: number}} change */
  change(change) {
    Object.assign(this, change);
    this.show();
  }

  /** @param {number} guidance */
  guide(guidance) {
    this.guidance = guidance;
    if (this.found) this.onSeen(this.found.seen, this.found.noisy, this.found.asked); // at once, until the way is drawn anew
    this.draw();
  }

  /** @param {number} at */
  go(at) {
    this.at = at;
    if (this.way[at]) this.compare(this.way[at], this.asked);
  }
}

/** To two digits, so that a legend has room for it. @param {number} value */
function roundedUp(value) {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit) * unit).toPrecision(2));
}

/** @param {Event} event */
const valueOf = ({ target }) => Number(/** @type {HTMLInputElement} */ (target).value);
/** @param {string} number */
const bracketed = (number) => (number.startsWith("−") ? `(${number})` : number);
customElements.define("lente-diffusion-told", LenteDiffusionTold);
