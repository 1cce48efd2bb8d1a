import { html, live, nothing } from "vendor/lit";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { LenteElement, notice } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { kernelPresets } from "../convolution/kernels.js";
import { KERNEL_NAMES } from "../convolution/words.js";
import { valueRange } from "../shared/colours.js";
import { newest } from "../shared/newest.js";
import { formatNumber, groupedNumber } from "../shared/numbers.js";
import { fetchPicture } from "../shared/pictures/pictures.js";
import { centreSquare, shrink, toGrey } from "../shared/tensors.js";
import {
  SIDE,
  WEIGHTS,
  applied,
  largestRate,
  look,
  noisePicture,
  pixelsUnder,
  randomKernel,
  somePlaces,
  standardised,
  stepped,
} from "./one_kernel.js";
import "../convolution/lente-kernel.js";
import "../shared/ui/lente-chart.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-matrix.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./one_kernel.js").Task} Task
 * @typedef {import("./one_kernel.js").Look} Look
 */

const PIXELS = 34;
const PLACES = PIXELS - SIDE + 1;
const TOTAL = PLACES * PLACES;
const NOISE = "noise";
/** @type {[string, string][]} */
const PICTURES = [
  ["sample-cat", N_("Cat")],
  ["sample-coins", N_("Coins")],
  ["sample-chessboard", N_("Chessboard")],
  [NOISE, N_("Noise")],
];
const HIDDEN = ["left-sobel", "top-sobel", "outline", "sharpen", "emboss", "blur"];
const COUNTS = [5, 9, 50, TOTAL];
const LEAST_RATE = 0.001;
const MOST_RATE = 2;
const MOST_WEIGHT = 10;
const FOUND = 1e-9;
const LOST = 1e9;
/** Steps of a frame while it plays fast; milliseconds of a step while it plays slowly. */
const FAST = 8;
const SLOW = 350;

/** @param {string} name @returns {number[][]} */
function presetKernel(name) {
  const found = kernelPresets.find((one) => one.name === name) ?? kernelPresets[0];
  return found.kernel.map((row) => row.map((weight) => weight / found.divisor));
}
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
        image: { name: "image", first: "sample-cat", accepts: (name) => PICTURES.some(([one]) => one === name) },
        aim: { name: "kernel", first: SOBEL, accepts: isKernel },
        seed: { name: "seed", first: 1, accepts: (seed) => Number.isInteger(seed) && seed >= 0 },
        rate: { name: "rate", first: 0.05, accepts: (rate) => rate >= LEAST_RATE && rate <= MOST_RATE },
        count: { name: "places", first: TOTAL, accepts: (count) => COUNTS.includes(count) },
        shown: { name: "shownkernel", first: false },
      },
      () => this.begin(),
    );
    this.load = newest(
      async (/** @type {string} */ image) =>
        image === NOISE
          ? noisePicture(PIXELS, 7)
          : standardised(shrink(toGrey(centreSquare(await fetchPicture(image, 3 * PIXELS))), PIXELS, PIXELS)),
      (picture) => {
        Object.assign(this, { picture, fault: "" });
        this.begin();
      },
      (error) => (this.fault = error.message),
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.pause();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("image")) this.load(this.image);
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
    return html`${notice(this.fault)} ${task && seen ? html`${this.chosen()} ${this.whole(task, seen)}` : waits}`;
  }

  /** What is to be learnt, and from how much. */
  chosen() {
    return html`<div class="row settings" data-hideable="kernel-settings">
      <span class="segments" role="group" aria-label=${t("Picture")}
        >${PICTURES.map(
          ([name, words]) =>
            html`<button
              type="button"
              data-picture=${name}
              aria-pressed=${this.image === name}
              @click=${() => (this.image = name)}
            >
              ${t(words)}
            </button>`,
        )}</span
      >
      <label
        >${t("Hidden kernel")}
        <select data-part="hidden" @change=${this.onHidden}>
          ${[...HIDDEN, "custom"].map(
            (name) =>
              html`<option value=${name} ?selected=${name === this.hiddenName}>${t(KERNEL_NAMES[name])}</option>`,
          )}
        </select></label
      >
      <span class="segments" role="group" aria-label=${t("How many places it may look at")}
        >${COUNTS.map(
          (count) =>
            html`<button
              type="button"
              data-places=${count}
              aria-pressed=${this.count === count}
              @click=${() => (this.count = count)}
            >
              ${count === TOTAL ? t("all {count} places", { count: groupedNumber(count) }) : count}
            </button>`,
        )}</span
      >
    </div>`;
  }

  get hiddenName() {
    const written = JSON.stringify(this.aim);
    return HIDDEN.find((name) => JSON.stringify(presetKernel(name)) === written) ?? "custom";
  }

  /** @param {Event} event */
  onHidden(event) {
    const name = /** @type {HTMLSelectElement} */ (event.target).value;
    if (name === "custom") this.shown = true;
    else this.aim = presetKernel(name);
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
      <div class="learn-panels">${this.maps(task, seen)}</div>
      <div class="learn-sums">${this.kernels(seen)} ${this.sums(task, seen)}</div>`;
  }

  rateSlider() {
    return html`<label class="learn-rate" data-hideable="rate"
      >${t("Learning rate")}
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
    const said = t("Step {step}: loss {loss}.", { step: groupedNumber(step), loss: formatNumber(seen.loss) });
    const limit = formatNumber(this.limit ?? 0, 3);
    if (this.lost) return `${said} ${t("It has run away: above a rate of {limit} each step overshoots.", { limit })}`;
    if (!this.found) return `${said} ${t("Above a rate of {limit} it would run away here.", { limit })}`;
    return `${said} ${this.isHidden ? t("It has arrived at the hidden kernel, and nobody wrote it there.") : t("No error is left where it looked, and the kernel is another: so few places do not settle nine weights.")}`;
  }

  /** Whether the hidden kernel was found, to what can be read. */
  get isHidden() {
    return this.aim.flat().every((weight, k) => Math.abs(weight - this.kernel[k]) < 0.005);
  }

  /** @param {Task} task @param {Look} seen */
  maps(task, seen) {
    const square = (/** @type {Float64Array} */ data) => ({ shape: [PLACES, PLACES], data: Float32Array.from(data) });
    const most = (/** @type {Float64Array} */ data) =>
      data.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-12);
    const wanted = most(task.target);
    const off = Math.min(Math.max(most(seen.errors), wanted / 20), 1e30);
    const made = Math.min(Math.max(most(seen.prediction), wanted), 1e30);
    const [row, column] = [Math.floor(this.place / PLACES), this.place % PLACES];
    const window = [{ top: row, left: column, bottom: row + SIDE, right: column + SIDE }];
    const cell = [{ top: row, left: column, bottom: row + 1, right: column + 1 }];
    const plane = { shape: task.picture.shape.slice(1), data: task.picture.data };
    return [
      this.panel(t("The picture"), plane, "grey", null, window, nothing, -1),
      this.panel(
        t("What is wanted"),
        square(task.target),
        "diverging",
        { low: -wanted, high: wanted },
        cell,
        this.legend(wanted),
      ),
      this.panel(
        t("What it makes"),
        square(seen.prediction),
        "diverging",
        { low: -made, high: made },
        cell,
        this.legend(made),
      ),
      this.panel(
        t("Error: what it makes, less what is wanted"),
        square(seen.errors),
        "diverging",
        { low: -off, high: off },
        cell,
        this.legend(off),
      ),
      html`<figure class="learn-loss">
        <h3>${t("Loss: mean squared error")}</h3>
        <lente-chart
          logarithmic
          .x=${this.losses.map((_, step) => step)}
          .series=${[{ name: t("loss"), colour: "--ink", values: this.losses }]}
          label=${t("The loss over the steps")}
        ></lente-chart>
      </figure>`,
    ];
  }

  /** @param {number} most */
  legend(most) {
    return html`<lente-legend .low=${-most} .high=${most} map="diverging"></lente-legend>`;
  }

  /**
   * @param {string} title
   * @param {Tensor} tensor
   * @param {string} map
   * @param {{low: number, high: number} | null} range
   * @param {import("../shared/ui/lente-map.js").Box[]} touched
   * @param {unknown} legend
   * @param {number} [shift] from a cell of the map to the place whose window has it in the middle
   */
  panel(title, tensor, map, range, touched, legend, shift = 0) {
    const spread = valueRange(tensor.data).high;
    return html`<figure>
      <h3>${title}</h3>
      <lente-map
        .tensor=${tensor}
        .range=${range ?? { low: -spread, high: spread }}
        map=${map}
        .touched=${touched}
        label=${title}
        @cell=${(/** @type {CustomEvent<{row: number, column: number} | null>} */ event) => this.point(event.detail, shift)}
      ></lente-map>
      ${legend}
    </figure>`;
  }

  /** @param {{row: number, column: number} | null} cell @param {number} shift */
  point(cell, shift) {
    if (!cell) return;
    const at = (/** @type {number} */ value) => Math.min(Math.max(value + shift, 0), PLACES - 1);
    this.place = at(cell.row) * PLACES + at(cell.column);
  }

  /** @param {Look} seen */
  kernels(seen) {
    const table = (
      /** @type {string} */ title,
      /** @type {ArrayLike<number>} */ list,
      /** @type {string} */ part,
      /** @type {{low: number, high: number}} */ range,
    ) =>
      html`<figure>
        <h3>${title}</h3>
        <lente-matrix
          data-part=${part}
          .values=${list}
          .columns=${SIDE}
          .range=${range}
          .isTouched=${(/** @type {number} */ row, /** @type {number} */ column) => SIDE * row + column === this.weight}
          .format=${short}
          label=${title}
          @cell=${this.onWeight}
          @keydown=${this.onKey}
        ></lente-matrix>
      </figure>`;
    const touched = { slice: 0, row: Math.floor(this.weight / SIDE), column: this.weight % SIDE };
    return html`<div class="learn-kernels">
      ${table(t("Its weights now"), this.kernel, "weights", about(this.kernel))}
      ${table(t("Gradient of each weight"), seen.gradient, "gradients", about(seen.gradient, this.first / 20))}
      <figure>
        <h3>${t("The hidden kernel")}</h3>
        ${
          this.shown
            ? html`<lente-kernel
                .kernel=${[this.aim]}
                .touched=${touched}
                .range=${[-MOST_WEIGHT, MOST_WEIGHT]}
                @weights=${(/** @type {CustomEvent<number[][][]>} */ event) => (this.aim = event.detail[0])}
              ></lente-kernel>`
            : html`<button type="button" data-do="show" @click=${() => (this.shown = true)}>${t("Show it")}</button>`
        }
      </figure>
    </div>`;
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event */
  onWeight({ detail }) {
    if (detail) this.weight = SIDE * detail.row + detail.column;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE }[event.key];
    if (!step) return;
    event.preventDefault();
    this.weight = (this.weight + step + WEIGHTS) % WEIGHTS;
  }

  /** The sum for the weight that is touched, and the step that follows. @param {Task} task @param {Look} seen */
  sums(task, seen) {
    const k = this.weight;
    const count = task.places.length;
    const error = seen.errors[this.place];
    const pixel = pixelsUnder(task.picture, this.place)[k];
    const [old, gradient] = [this.kernel[k], seen.gradient[k]];
    const four = (/** @type {number} */ value) => formatNumber(value, Math.abs(value) < 1000 ? 4 : undefined);
    const values = { row: Math.floor(k / SIDE) + 1, column: (k % SIDE) + 1 };
    const looked = task.places.includes(this.place);
    return html`<div class="learn-written">
      <h3>${t("The weight in row {row}, column {column}", values)}</h3>
      <p>
        ${t("At the place under the cursor, 2 × error × the pixel under the weight:")}<br /><output
          aria-live="off"
          data-part="term"
          >2 × ${signed(four(error))} × ${signed(four(pixel))} = ${four(2 * error * pixel)}</output
        >
        ${looked ? nothing : t("(it may not look here: this one does not count)")}
      </p>
      <p>
        ${t("The gradient is the mean of this over {count} places:", { count: groupedNumber(count) })}<br /><output
          aria-live="off"
          data-part="gradient"
          >${four(gradient)}</output
        >
      </p>
      <p>
        ${t("New weight = old − learning rate × gradient:")}<br /><output aria-live="off" data-part="new"
          >${four(old)} − ${formatNumber(this.rate)} × ${signed(four(gradient))} =
          ${four(old - this.rate * gradient)}</output
        >
      </p>
    </div>`;
  }
}

/** A range about zero. @param {ArrayLike<number>} values @param {number} [least] */
function about(values, least = 1e-12) {
  const high = Math.max(valueRange(values).high, least);
  return { low: -high, high };
}

/** As many figures as a cell has room for. @param {number} value */
const short = (value) => formatNumber(value, Math.abs(value) < 10 ? 3 : Math.abs(value) < 1000 ? 1 : undefined);

/** A negative number within a product is in brackets. @param {string} text */
const signed = (text) => (text.startsWith("−") ? `(${text})` : text);

customElements.define("lente-one-kernel", LenteOneKernel);
