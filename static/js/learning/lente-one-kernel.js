import { html, live, nothing } from "vendor/lit";
import { accepting, numberFrom, oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchPicture } from "../shared/pictures/pictures.js";
import { centreSquare, shrink, toGrey } from "../shared/tensors.js";
import { MOST_WEIGHT } from "./lente-kernel-sums.js";
import { NOISE, PICTURES, presetKernel } from "./lente-kernel-task.js";
import {
  SIDE,
  applied,
  largestRate,
  look,
  noisePicture,
  randomKernel,
  somePlaces,
  standardised,
  stepped,
} from "./one_kernel.js";
import "./lente-kernel-maps.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./one_kernel.js").Task} Task
 * @typedef {import("./one_kernel.js").Look} Look
 */

const PIXELS = 34;
const PLACES = PIXELS - SIDE + 1;
const TOTAL = PLACES * PLACES;
const COUNTS = [5, 9, 50, TOTAL];
const LEAST_RATE = 0.001;
const MOST_RATE = 2;
const FOUND = 1e-9;
const LOST = 1e9;
/** Steps of a frame while it plays fast; milliseconds of a step while it plays slowly. */
const FAST = 8;
const SLOW = 350;

const SOBEL = presetKernel("left-sobel");
const isKernel = (/** @type {any} */ rows) =>
  Array.isArray(rows) &&
  rows.length === SIDE &&
  rows.every((row) => row.length === SIDE && row.every((/** @type {number} */ one) => Math.abs(one) <= MOST_WEIGHT));

/**
 * Nine random weights learn a hidden kernel by gradient descent, every gradient a sum over places. Rendered in the page.
 */
export class LenteOneKernel extends LenteElement {
  static properties = {
    image: { state: true },
    aim: { state: true },
    seed: { state: true },
    rate: { state: true },
    count: { state: true },
    shown: { state: true },
    picture: { state: true },
    kernel: { state: true },
    place: { state: true },
    weight: { state: true },
    playing: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.image = "";
    this.aim = SOBEL;
    this.seed = 1;
    this.rate = 0.05;
    this.count = TOTAL;
    /** Whether the hidden kernel is shown. */ this.shown = false;
    /** @type {Tensor | null} */ this.picture = null;
    this.kernel = randomKernel(1);
    /** Of the target, row-major. */ this.place = 12 * PLACES + 14;
    this.weight = 4;
    /** @type {"" | "slow" | "fast"} */ this.playing = "";
    this.fault = "";
    /** @type {number[]} the loss at each step */ this.losses = [];
    /** @type {Task | null} */ this.task = null;
    /** @type {Look | null} */ this.seen = null;
    /** The largest of the first gradients. */ this.first = 0;
    addressed(
      this,
      {
        image: { name: "image", first: "sample-cat", accepts: oneOf(PICTURES.map(([one]) => one)) },
        aim: {
          name: "kernel",
          first: SOBEL,
          accepts: accepting(isKernel, "square", { side: SIDE, most: MOST_WEIGHT }),
        },
        seed: { name: "seed", first: 1, accepts: wholeFrom(0) },
        rate: { name: "rate", first: 0.05, accepts: numberFrom(LEAST_RATE, MOST_RATE) },
        count: { name: "places", first: TOTAL, accepts: oneOf(COUNTS) },
        shown: { name: "shownkernel", first: false },
      },
      () => this.begin(),
    );
    /** The picture that came last. */ this.came = "";
    this.load = newest(
      async (/** @type {string} */ image) =>
        image === NOISE
          ? noisePicture(PIXELS, 7)
          : standardised(shrink(toGrey(centreSquare(await fetchPicture(image, 3 * PIXELS))), PIXELS, PIXELS)),
      (picture, image) => {
        Object.assign(this, { picture, came: image, fault: "" });
        this.begin();
      },
      (error) => {
        this.fault = error.message;
        if (this.came) this.image = this.came; // that which is shown is the choice again
      },
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.pause();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("image") && this.image !== this.came) this.load(this.image);
    else if (changed.has("aim") || changed.has("count") || changed.has("seed")) this.begin();
  }

  /** From the random kernel, with what was chosen. */
  begin() {
    if (!this.picture) return;
    this.pause();
    const places = somePlaces(this.count, TOTAL, 1);
    this.task = { picture: this.picture, target: applied(this.picture, this.aim.flat()), places };
    this.limit = largestRate(this.task);
    this.kernel = randomKernel(this.seed);
    this.losses = [];
    this.see();
    this.first = valueRange(this.seen?.gradient ?? []).high;
  }

  see() {
    if (!this.task) return;
    this.seen = look(this.task, this.kernel);
    this.losses = [...this.losses, this.seen.loss];
    this.requestUpdate();
  }

  step() {
    if (!this.seen || this.over) return;
    this.kernel = stepped(this.kernel, this.seen.gradient, this.rate);
    this.see();
    if (this.over) this.pause();
    announce(() => this.querySelector("[data-part=state]")?.textContent);
  }

  get lost() {
    return !((this.seen?.loss ?? 0) < LOST);
  }

  get found() {
    return (this.seen?.loss ?? 1) < FOUND;
  }

  get over() {
    return this.lost || this.found;
  }

  /** @param {"slow" | "fast"} pace */
  play(pace) {
    const pauses = this.playing === pace;
    this.pause();
    if (pauses || this.over) return;
    this.playing = pace;
    this.next();
  }

  pause() {
    this.playing = "";
    cancelAnimationFrame(this.frame ?? 0);
    clearTimeout(this.timer);
  }

  next() {
    for (let i = 0; i < (this.playing === "fast" ? FAST : 1) && this.playing; i++) this.step();
    if (this.playing === "fast") this.frame = requestAnimationFrame(() => this.next());
    else if (this.playing) this.timer = setTimeout(() => this.next(), SLOW);
  }

  render() {
    const { task, seen } = this;
    const waits = this.fault ? nothing : html`<p class="empty">${t("The picture is on its way…")}</p>`;
    return html`${notice(this.fault)}
    ${
      task && seen
        ? html`<lente-kernel-task
              .image=${this.image}
              .aim=${this.aim}
              .count=${this.count}
              .counts=${COUNTS}
              @choose=${this.onChoose}
            ></lente-kernel-task>
            ${this.whole(task, seen)}`
        : waits
    }`;
  }

  /** @param {CustomEvent<Partial<LenteOneKernel>>} event */
  onChoose(event) {
    Object.assign(this, event.detail);
  }

  /** @param {Task} task @param {Look} seen */
  whole(task, seen) {
    return html`<div class="learn-controls row">
        <button type="button" class="primary" data-do="fast" ?disabled=${this.over} @click=${() => this.play("fast")}>
          ${this.playing === "fast" ? t("Pause") : t("Play")}
        </button>
        <button type="button" data-do="slow" ?disabled=${this.over} @click=${() => this.play("slow")}>
          ${this.playing === "slow" ? t("Pause") : t("Slowly")}
        </button>
        <button type="button" data-do="step" ?disabled=${this.over} @click=${this.step}>${t("One step")}</button>
        <button type="button" data-do="again" @click=${this.begin}>${t("Start again")}</button>
        <button type="button" data-do="other" @click=${() => (this.seed += 1)}>${t("Another start")}</button>
        ${this.rateSlider()}
      </div>
      <p class="learn-state">
        <output aria-live="off" data-part="state">${this.state(seen)}</output>
      </p>
      <lente-kernel-maps
        class="learn-panels"
        .task=${task}
        .seen=${seen}
        .losses=${this.losses}
        .place=${this.place}
        @place=${(/** @type {CustomEvent<number>} */ event) => (this.place = event.detail)}
      ></lente-kernel-maps>
      <lente-kernel-sums
        class="learn-sums"
        .task=${task}
        .seen=${seen}
        .kernel=${this.kernel}
        .aim=${this.aim}
        .shown=${this.shown}
        .weight=${this.weight}
        .place=${this.place}
        .rate=${this.rate}
        .least=${this.first / 20}
        @weight=${(/** @type {CustomEvent<number>} */ event) => (this.weight = event.detail)}
        @choose=${this.onChoose}
      ></lente-kernel-sums>`;
  }

  rateSlider() {
    return html`<label class="learn-rate" data-hideable="rate"
      ><lente-term meaning=${t("How far a step goes: the gradient is multiplied by it.")}
        >${t("Learning rate")}</lente-term
      >
      <input
        type="range"
        data-part="rate"
        min=${Math.log10(LEAST_RATE)}
        max=${Math.log10(MOST_RATE)}
        step="0.01"
        aria-valuetext=${formatNumber(this.rate)}
        .value=${live(String(Math.log10(this.rate)))}
        @input=${(/** @type {Event} */ event) => (this.rate = Number((10 ** Number(/** @type {HTMLInputElement} */ (event.target).value)).toPrecision(3)))}
      />
      <output aria-live="off" data-part="rate-value">${formatNumber(this.rate)}</output></label
    >`;
  }

  /** @param {Look} seen */
  state(seen) {
    const step = this.losses.length - 1;
    const said = t("Step {step}: loss {loss}.", { step: formatNumber(step), loss: formatNumber(seen.loss) });
    const limit = formatNumber(this.limit ?? 0, 3);
    if (this.lost) return `${said} ${t("It has run away: above a rate of {limit} each step overshoots.", { limit })}`;
    if (!this.found) return `${said} ${t("Above a rate of {limit} it would run away here.", { limit })}`;
    return `${said} ${this.isHidden ? t("It has arrived at the hidden kernel, and nobody wrote it there.") : t("No error is left where it looked, and the kernel is another: so few places do not settle nine weights.")}`;
  }

  /** Whether the hidden kernel was found, to what can be read. */
  get isHidden() {
    return this.aim.flat().every((weight, k) => Math.abs(weight - this.kernel[k]) < 0.005);
  }
}

customElements.define("lente-one-kernel", LenteOneKernel);
