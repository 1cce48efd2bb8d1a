import { html } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { onWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { judgingNetwork } from "../digits/server.js";
import { testDigits } from "../latent/server.js";
import { formatPercent } from "../shared/numbers.js";
import { likeliest } from "../shared/statistics.js";
import { enlarge } from "../shared/tensors.js";
import { ANY, isLabel, isSeed, ofBytes, otherSeed } from "./asked.js";
import { Forming } from "./forming.js";
import { labelButtons } from "./panels.js";
import { sample } from "./server.js";
import "../shared/ui/lente-number.js";
import "../shared/ui/lente-pictures.js";
import "./lente-rubber.js";

/** @typedef {Float32Array<ArrayBuffer>} Pixels */

const STEPS = 25;
const COUNT = 8;
const DIGITS = 10000;
/** How often each step is done. */
const AGAIN = [1, 5];
/** The lower half of the digit. */
const FIRST = [0.58, 0.68, 0.78, 0.88].map((y) => ({
  points: [
    { x: 0.1, y },
    { x: 0.9, y },
  ],
  width: 0.15,
  erase: true,
}));

/** A digit with a part rubbed out, and eight ways to fill it in: what is known stays (Lugmayr and others, 2022). Rendered in the page. */
export class LenteDiffusionFill extends LenteElement {
  static properties = {
    asked: { state: true },
    number: { state: true },
    seed: { state: true },
    again: { state: true },
    pictures: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.asked = ANY;
    /** Of the test digit. */ this.number = 18;
    this.seed = 1;
    /** How often each step is done. */ this.again = AGAIN[0];
    addressed(
      this,
      {
        asked: { name: "fillclass", first: ANY, accepts: isLabel },
        number: { name: "filldigit", first: 18, accepts: wholeFrom(0, DIGITS - 1) },
        seed: { name: "fillseed", first: 1, accepts: isSeed },
        again: { name: "again", first: AGAIN[0], accepts: oneOf(AGAIN) },
      },
      () => this.choose(this.number),
    );
    /** @type {Pixels | null} the whole digit */ this.digit = null;
    /** @type {Float32Array | null} what was filled in, or what it is about to be */ this.pictures = null;
    /** @type {import("../digits/server.js").DigitReader | null} */ this.read = null;
    this.fault = "";
    this.forming = new Forming(this);
    this.endReturned = () => {};
  }

  get rubber() {
    return /** @type {import("./lente-rubber.js").LenteRubber} */ (this.querySelector("lente-rubber"));
  }

  connectedCallback() {
    super.connectedCallback();
    this.endReturned = onWindow("returned", () => this.restore());
    whenNear(this).then(() => this.load());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endReturned();
  }

  async load() {
    try {
      this.read = await judgingNetwork();
      await this.rubber.updateComplete;
      this.restore();
      await this.choose(this.number);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** What was rubbed out, or the lower half. */
  restore() {
    const { ground } = this.rubber;
    if (!this.rubber.restore()) this.rubber.strokes = FIRST;
    this.rubber.load({ strokes: this.rubber.strokes, ground });
  }

  /** @param {number} number of a test digit */
  async choose(number) {
    try {
      const digit = Float32Array.from(await testDigits([number]));
      Object.assign(this, { number, digit, fault: "" });
      const { side, strokes } = this.rubber;
      const { data } = enlarge({ shape: [1, 28, 28], data: digit }, side, side);
      this.rubber.load({ strokes, ground: Float32Array.from(data) });
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  show() {
    const { digit } = this;
    if (!digit) return;
    const known = this.rubber.rubbed.map((rubbed) => 1 - rubbed);
    this.forming.ask(async (signal, formed) => {
      const wish = { count: COUNT, steps: STEPS, labels: this.asked, seed: this.seed, again: this.again };
      const onMoment = (/** @type {import("./server.js").Moment} */ { tensors }) => {
        this.pictures = ofBytes(tensors.estimate_bytes.data);
        formed();
      };
      this.pictures = await sample(wish, { pictures: digit, known }, onMoment, signal);
      formed();
    });
  }

  render() {
    return html`<div class="fill-exhibit">
      <div class="stack">
        <lente-rubber @draw=${() => this.show()}></lente-rubber>
        <div class="row" data-hideable="fill-controls">
          <label
            >${t("Test digit")}<lente-number
              late
              whole
              label=${t("Test digit")}
              .min=${0}
              .max=${DIGITS - 1}
              .value=${this.number}
              @number=${(/** @type {CustomEvent<number>} */ { detail }) => this.choose(detail)}
              @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.fault = detail)}
            ></lente-number
          ></label>
          <button type="button" @click=${() => this.choose(Math.floor(Math.random() * DIGITS))}>${t("Another")}</button>
        </div>
      </div>
      <div class="stack edit-side">
        <div class="row" data-hideable="fill-controls">
          ${labelButtons(this.asked, (asked) => this.change({ asked }), t("Which digit is drawn"), t("any digit"))}
          <span class="segments" role="group" aria-label=${t("How often each step is done")}>
            ${AGAIN.map(
              (times) =>
                html`<button
                  type="button"
                  aria-pressed=${times === this.again}
                  @click=${() => this.change({ again: times })}
                >
                  ${times === 1 ? t("Each step once") : t("Each step {times} times", { times })}
                </button>`,
            )}
          </span>
          <button type="button" @click=${() => this.change({ seed: otherSeed() })}>${t("Other noise")}</button>
        </div>
        ${this.filled()}
      </div>
      ${notice(this.said)}
    </div>`;
  }

  filled() {
    const { pictures } = this;
    const likeness = pictures ? formatPercent(this.likeness(pictures)) : "";
    return html`<p class="small">
        ${t("Done once, a step knows little of what the new part and the old one make together. Done again and again, with noise put back between, they come to fit.")}
      </p>
      <div class="fill-pictures answers" aria-busy=${!this.said && (this.forming.busy || !pictures)}>
        ${Array.from({ length: COUNT }, (_, i) => this.one(pictures?.subarray(784 * i, 784 * (i + 1)) ?? null, i))}
      </div>
      <p class="small">${t("Under each picture: the digit that it is read as, and how surely.")}</p>
      <output aria-live="off" data-figure="likeness"
        >${likeness && t("A digit at all? {likeness}, the mean of the eight.", { likeness })}</output
      >`;
  }

  /** How like digits they are on average. @param {Float32Array} pictures */
  likeness(pictures) {
    let sum = 0;
    for (let i = 0; i < COUNT; i++) sum += this.read?.(pictures.subarray(784 * i, 784 * (i + 1))).judged ?? 0;
    return sum / COUNT;
  }

  /** What is wrong, if anything. */
  get said() {
    return this.fault || this.forming.fault;
  }

  /** @param {Float32Array | null} picture @param {number} i */
  one(picture, i) {
    const reading = picture && this.read?.(picture);
    const digit = reading ? likeliest(reading.probabilities)[0] : 0;
    return html`<figure>
      <lente-pictures
        still
        .pictures=${picture}
        label=${t("Filled in, with noise {number}", { number: i + 1 })}
      ></lente-pictures>
      <figcaption class="figures">
        ${reading ? t("{digit}, {percent}", { digit, percent: formatPercent(reading.probabilities[digit], 0) }) : ""}
      </figcaption>
    </figure>`;
  }

  /** @param {{asked?: number, seed?: number, again?: number}} change */
  change(change) {
    Object.assign(this, change);
    this.show();
  }
}

customElements.define("lente-diffusion-fill", LenteDiffusionFill);
