import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { uniforms } from "../shared/statistics.js";
import { changeOf } from "./ascent.js";
import { OnRead } from "./on_read.js";
import { fetchAscent } from "./server.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const STEPS = 40;
/** Grey levels by which a step changes a pixel at most. */
const MOST = 8;
const PACE = 200;
/** A hand that draws is waited for. */
const CALM = 350;

/**
 * A picture that is changed along the gradient until the network takes it for the digit that was chosen, step by step: what
 * it is, what was changed, and what the network says. Rendered in the page.
 */
export class LenteAscent extends LenteElement {
  static properties = {
    session: { attribute: false },
    target: { state: true },
    from: { state: true },
    step: { state: true },
    seed: { state: true },
    way: { state: true },
    playing: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./session.js").DigitSession | null} */ this.session = null;
    this.target = 8;
    /** @type {"drawing" | "noise"} */ this.from = "drawing";
    this.step = 0;
    this.seed = 1;
    /** The pictures of all steps, and what the network says to each. @type {Awaited<ReturnType<typeof fetchAscent>> | null} */ this.way =
      null;
    this.playing = false;
    this.fault = "";
    /** What was asked for last. */ this.asked = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.calm = undefined;
    addressed(
      this,
      {
        target: { name: "class", first: 5, accepts: wholeFrom(0, 9) },
        from: { name: "start", first: "drawing", accepts: oneOf(["drawing", "noise"]) },
        step: { name: "step", first: 0, accepts: wholeFrom(0, STEPS) },
        seed: { name: "seed", first: 1, accepts: wholeFrom(0) },
      },
      () => this.ask(),
    );
    this.near = new Near(this, () => this.ask());
    new OnRead(this, () => {
      clearTimeout(this.calm);
      this.calm = setTimeout(() => this.ask(), this.way ? CALM : 0);
    });
    this.load = newest(
      fetchAscent,
      (way) => Object.assign(this, { way, fault: "" }),
      (error) => Object.assign(this, { way: null, fault: error.message, asked: "" }),
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    clearTimeout(this.calm);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("session") && this.session) this.ask();
  }

  /** What it begins with, 28 x 28 values; null where nothing is drawn. @returns {Float32Array<ArrayBuffer> | null} */
  get picture() {
    if (this.from === "noise") {
      const random = uniforms(this.seed);
      return Float32Array.from({ length: PIXELS }, random);
    }
    return this.session?.placed ? /** @type {Float32Array<ArrayBuffer>} */ (this.session.input) : null;
  }

  /** Asks for the whole way, unless it is the one that is there or coming. */
  ask() {
    const { picture, target } = this;
    if (!this.near.here || !this.session?.layers.length) return;
    const asked = picture ? `${target} ${picture.join()}` : "";
    this.requestUpdate();
    if (asked === this.asked) return;
    this.asked = asked;
    if (!picture) this.way = null;
    else this.load(picture, target, STEPS, MOST, this.session.learnt);
  }

  render() {
    return html`<div class="row">
        <span>${t("It is to become:")}</span>
        <span class="segments ascent-digits" role="group" aria-label=${t("The digit that it is to become")}
          >${Array.from({ length: 10 }, (_, digit) => html`<button type="button" data-target=${digit} aria-pressed=${digit === this.target} @click=${() => this.begin({ target: digit })}>${digit}</button>`)}</span
        >
        <span class="segments" role="group" aria-label=${t("What it begins with")}>
          <button
            type="button"
            data-from="drawing"
            aria-pressed=${this.from === "drawing"}
            @click=${() => this.begin({ from: "drawing" })}
          >
            ${t("your drawing")}</button
          ><button
            type="button"
            data-from="noise"
            aria-pressed=${this.from === "noise"}
            @click=${() => this.begin({ from: "noise" })}
          >
            ${t("noise")}
          </button>
        </span>
        ${this.from === "noise" ? html`<button type="button" data-do="other" @click=${() => this.begin({ seed: this.seed + 1 })}>${t("Other noise")}</button>` : nothing}
      </div>
      ${notice(this.fault)}
      ${this.fault ? html`<button type="button" data-do="retry" @click=${this.ask}>${t("Try again")}</button>` : nothing}
      ${this.way ? this.whole(this.way) : this.fault ? nothing : html`<p class="empty">${this.picture ? t("Following the gradient…") : t("Draw a digit above, or begin with noise.")}</p>`}`;
  }

  /** @param {NonNullable<LenteAscent["way"]>} way */
  whole({ pictures, probabilities, judged }) {
    const at = (/** @type {number} */ step) => pictures.subarray(step * PIXELS, (step + 1) * PIXELS);
    const { change, largest, mean } = changeOf(at(0), at(this.step));
    const shares = probabilities.subarray(10 * this.step, 10 * this.step + 10);
    const reading = { probabilities: shares, judged: judged && judged[this.step] };
    const range = Math.max(largest, 1) / 255;
    const times = formatNumber(255 / Math.max(largest, 1), largest < 25 ? 0 : 1);
    return html`<div class="ascent-steps">
        <button type="button" class="primary" data-do="play" ?disabled=${this.step === STEPS} @click=${this.play}>
          ${this.playing ? t("Pause") : t("Play")}
        </button>
        <button type="button" data-do="step" ?disabled=${this.step === STEPS} @click=${() => this.go(this.step + 1)}>
          ${t("One step")}
        </button>
        <button type="button" data-do="again" ?disabled=${!this.step} @click=${() => this.begin({})}>
          ${t("Start again")}
        </button>
        <input
          type="range"
          min="0"
          max=${STEPS}
          aria-label=${t("Step")}
          .value=${live(String(this.step))}
          @input=${(/** @type {Event} */ event) => this.go(Number(/** @type {HTMLInputElement} */ (event.target).value))}
        />
        <output aria-live="off" data-part="step"
          >${t("step {step} of {steps}", { step: this.step, steps: STEPS })}</output
        >
      </div>
      <div class="ascent-panels">
        <figure>
          <h3>${t("The picture")}</h3>
          <lente-map
            still
            map="grey"
            .tensor=${tensor(at(this.step))}
            .range=${{ low: 0, high: 1 }}
            label=${t("The picture")}
          ></lente-map>
        </figure>
        <figure>
          <h3>${t("What was changed")}</h3>
          <lente-map
            still
            map="diverging"
            .tensor=${tensor(change)}
            .range=${{ low: -range, high: range }}
            label=${t("What was changed")}
          ></lente-map>
          <figcaption>
            <lente-legend
              .low=${-255 * range}
              .high=${255 * range}
              map="diverging"
              .note=${t("grey levels, shown {times} times as strong", { times })}
            ></lente-legend>
          </figcaption>
        </figure>
        <div class="stack">
          <lente-class-bars .reading=${reading} label=${t("What the digit network reads:")}></lente-class-bars>
          <p>
            <output aria-live="off" data-part="far"
              >${t("largest change {largest}, mean change {mean}, of 255 grey levels", { largest: formatNumber(largest, 0), mean: formatNumber(mean, 1) })}</output
            >
          </p>
          <p>
            ${t("No step changes a pixel by more than {most} grey levels.", { most: MOST })}
            ${stuck(at(this.step), at(Math.min(this.step + 1, STEPS))) && this.step < STEPS ? this.wayEnds() : nothing}
            ${t("Softmax shares 100 % out among ten digits. It has no answer “none of these”: whatever comes in, some digit is the likeliest, and a large share is no proof that a digit is there.")}
          </p>
        </div>
      </div>`;
  }

  wayEnds() {
    return this.session?.learnt
      ? t("Here the way ends: no step changes the picture any more.")
      : t(
          "Here the way ends: the gradient is 0 at every pixel, for no unit of dense1 answers any more. From pictures of nothing the network learnt to give ten equal shares.",
        );
  }

  /** From the beginning, with what was chosen. @param {Partial<Pick<LenteAscent, "target" | "from" | "seed">>} chosen */
  begin(chosen) {
    Object.assign(this, chosen, { step: 0, playing: false });
    clearTimeout(this.timer);
    this.ask();
  }

  /** @param {number} step */
  go(step) {
    this.step = Math.min(step, STEPS);
    if (this.step === STEPS) this.playing = false;
    announce(() => this.querySelector("[data-part=far]")?.textContent);
  }

  play() {
    this.playing = !this.playing;
    clearTimeout(this.timer);
    if (this.playing) this.next();
  }

  next() {
    if (!this.playing || !this.isConnected) return;
    this.go(this.step + 1);
    if (this.playing) this.timer = setTimeout(() => this.next(), PACE);
  }
}

/** @param {Float32Array} data @returns {import("../shared/safetensors.js").Tensor} */
function tensor(data) {
  return { shape: [SIDE, SIDE], data: /** @type {Float32Array<ArrayBuffer>} */ (data) };
}

/** @param {Float32Array} picture @param {Float32Array} next */
const stuck = (picture, next) => picture.every((value, i) => value === next[i]);

customElements.define("lente-ascent", LenteAscent);
