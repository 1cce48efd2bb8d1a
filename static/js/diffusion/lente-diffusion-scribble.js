import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { onWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { centreDigit } from "../digits/centre_digit.js";
import { sampleDigit } from "../digits/samples.js";
import { formatNumber } from "../shared/numbers.js";
import { apart } from "./apart.js";
import { ANY, isLabel, isSeed, ofBytes, otherSeed } from "./asked.js";
import { Forming } from "./forming.js";
import { labelButtons } from "./panels.js";
import { centred, noisy } from "./schedule.js";
import { fetchDiffusion, fetchNoise, sample } from "./server.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-pictures.js";

/** @typedef {Float32Array<ArrayBuffer>} Pixels */

const STEPS = 25;
const LAST = 1000;
const STARTS = [200, 400, 600, 800, 1000];
const FIRST = 5;
const REACH = 2;

/** A drawing with noise put in up to a step, and what the network makes of it from there (Meng and others, 2021). Rendered in the page. */
export class LenteDiffusionScribble extends LenteElement {
  static properties = {
    asked: { state: true },
    start: { state: true },
    seed: { state: true },
    made: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.asked = ANY;
    /** The step up to which noise is put in. */ this.start = 600;
    this.seed = 1;
    addressed(
      this,
      {
        asked: { name: "scribbleclass", first: ANY, accepts: isLabel },
        start: { name: "scribblestart", first: 600, accepts: wholeFrom(1, LAST) },
        seed: { name: "scribbleseed", first: 1, accepts: isSeed },
      },
      () => this.show(),
    );
    /** @type {Pixels | null} the drawing, as the network is given it */ this.drawing = null;
    /** @type {Pixels | null} the noise of the seed */ this.noise = null;
    /** @type {{picture: Float32Array, step: number} | null} what it has become, and at which step it is */ this.made =
      null;
    /** @type {(Float32Array | null)[]} what becomes of it from each start */ this.row = STARTS.map(() => null);
    /** @type {import("./schedule.js").Schedule | null} */ this.schedule = null;
    this.fault = "";
    this.forming = new Forming(this);
    this.endReturned = () => {};
  }

  get pad() {
    return /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing} */ (
      this.querySelector("lente-drawing")
    );
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
      const { schedule } = await fetchDiffusion();
      Object.assign(this, { schedule, fault: "" });
      await this.pad.updateComplete;
      this.restore();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** What was drawn, or the example. */
  restore() {
    if (!this.pad.restore()) this.pad.load({ strokes: sampleDigit(FIRST) });
  }

  /** @param {CustomEvent<{values: Pixels, empty: boolean}>} event */
  onDraw({ detail: { values, empty } }) {
    const placed = empty ? null : centreDigit(values, this.pad.side);
    this.drawing = placed?.centred ?? new Float32Array(784);
    this.show();
  }

  show() {
    const { drawing } = this;
    if (!drawing || !this.schedule) return;
    this.forming.ask(async (signal, formed) => {
      const { asked, start, seed } = this;
      const wish = { steps: STEPS, labels: asked, seed };
      this.noise = await fetchNoise(seed);
      const onMoment = (/** @type {import("./server.js").Moment} */ { earlier, tensors }) => {
        this.made = { picture: ofBytes(tensors.estimate_bytes.data), step: earlier };
        formed();
      };
      const picture = await sample({ ...wish, start }, { pictures: drawing }, onMoment, signal);
      this.made = { picture, step: 0 };
      formed();
      for (const [i, from] of STARTS.entries()) {
        this.row[i] = await sample({ ...wish, start: from }, { pictures: drawing }, formed, signal);
        formed();
      }
    });
  }

  render() {
    return html`<div class="scribble-exhibit">
      <div class="stack" data-hideable="scribble-pad">
        <lente-drawing kept="scribble" @draw=${this.onDraw}></lente-drawing>
      </div>
      <div class="stack edit-side">${this.controls()} ${this.way()}</div>
      ${this.row.some(Boolean) && this.drawing ? this.starts(this.drawing) : nothing} ${notice(this.said)}
    </div>`;
  }

  controls() {
    return html`<div class="stack" data-hideable="scribble-controls">
      ${labelButtons(this.asked, (asked) => this.change({ asked }), t("Which digit is drawn"), t("any digit"))}
      <label class="slid"
        ><span>${t("Noise up to step")}</span
        ><input
          type="range"
          min="50"
          max=${LAST}
          step="50"
          aria-label=${t("Step up to which noise is put in")}
          .value=${live(String(this.start))}
          @input=${(/** @type {Event} */ { target }) => this.change({ start: Number(/** @type {HTMLInputElement} */ (target).value) })}
        /><output aria-live="off" class="figures">${this.start}</output></label
      >
      <div class="row">
        <button type="button" @click=${() => this.change({ seed: otherSeed() })}>${t("Other noise")}</button>
      </div>
    </div>`;
  }

  way() {
    const { start, schedule, drawing, noise, made } = this;
    const data = schedule && drawing && noise ? noisy(schedule, centred(drawing), noise, start) : null;
    const distance = drawing && made ? formatNumber(apart(drawing, made.picture), 3) : "";
    return html`<div class="scribble-way answers">
      ${figure(t("Your drawing, centred"), drawing)}
      <figure>
        <lente-map
          still
          map="grey"
          .tensor=${data && { shape: [28, 28], data }}
          .range=${{ low: -REACH, high: REACH }}
          label=${t("With noise up to step {step}", { step: start })}
        ></lente-map>
        <figcaption>${t("With noise up to step {step}", { step: start })}</figcaption>
      </figure>
      <figure aria-busy=${!this.said && (!made || made.step > 0)}>
        <lente-pictures
          still
          .pictures=${made?.picture ?? null}
          label=${t("What the network makes of it")}
        ></lente-pictures>
        <figcaption>
          ${t("What the network makes of it")}<br /><output aria-live="off" class="figures" data-figure="apart"
            >${distance && t("apart from the drawing: {distance}", { distance })}</output
          >
        </figcaption>
      </figure>
    </div>`;
  }

  /** What is wrong, if anything. */
  get said() {
    return this.fault || this.forming.fault;
  }

  /** @param {Pixels} drawing */
  starts(drawing) {
    return html`<div class="scribble-starts">
      <h3>${t("The same drawing and noise, from five steps")}</h3>
      <div class="scribble-row">
        ${STARTS.map((start, i) => {
          const picture = this.row[i];
          return html`<figure>
            ${picture ? html`<lente-pictures still .pictures=${picture} label=${t("From step {step}", { step: start })}></lente-pictures>` : html`<div class="waiting"></div>`}
            <figcaption>
              ${t("From step {step}", { step: start })}<br /><output aria-live="off" class="figures" data-figure="row"
                >${picture ? formatNumber(apart(drawing, picture), 3) : ""}</output
              >
            </figcaption>
          </figure>`;
        })}
      </div>
      <p class="small">
        ${t("Under each: how far it is from the drawing, the root of the mean squared difference of the pixels (0 is the same, 1 is black for white).")}
      </p>
    </div>`;
  }

  /** @param {{asked?: number, start?: number, seed?: number}} change */
  change(change) {
    Object.assign(this, change);
    this.show();
  }
}

/** @param {string} words @param {Float32Array | null} picture */
const figure = (words, picture) =>
  html`<figure>
    <lente-pictures still .pictures=${picture} label=${words}></lente-pictures>
    <figcaption>${words}</figcaption>
  </figure>`;

customElements.define("lente-diffusion-scribble", LenteDiffusionScribble);
