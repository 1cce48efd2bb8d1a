import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { formatNumber } from "../shared/numbers.js";
import { SIDE, WEIGHTS, pixelsUnder } from "./one_kernel.js";
import { gridPlace } from "../shared/ui/grid_keys.js";
import "../convolution/lente-kernel.js";
import "../shared/ui/lente-matrix.js";

/**
 * @typedef {import("./one_kernel.js").Task} Task
 * @typedef {import("./one_kernel.js").Look} Look
 */

/** How far from 0 a weight of the hidden kernel may be. */
export const MOST_WEIGHT = 10;

/**
 * Nine weights, the gradient of each, the hidden ones; and of the weight that is touched the gradient and the step, written
 * out. Rendered in the page.
 *
 * @fires weight - {number} the weight that is touched
 * @fires choose - {aim?: number[][], shown?: boolean}
 */
export class LenteKernelSums extends LenteElement {
  static properties = {
    task: { attribute: false },
    seen: { attribute: false },
    kernel: { attribute: false },
    aim: { attribute: false },
    shown: { attribute: false },
    weight: { attribute: false },
    place: { attribute: false },
    rate: { attribute: false },
    least: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Task | null} */ this.task = null;
    /** @type {Look | null} */ this.seen = null;
    /** @type {ArrayLike<number>} */ this.kernel = [];
    /** The hidden kernel. @type {number[][]} */ this.aim = [];
    /** Whether that is shown. */ this.shown = false;
    this.weight = 0;
    /** Of the target, row-major. */ this.place = 0;
    this.rate = 0;
    /** The gradients' colours reach at least so far. */ this.least = 0;
  }

  render() {
    const { task, seen } = this;
    return task && seen ? html`${this.kernels(seen)} ${this.sums(task, seen)}` : nothing;
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
      ${table(t("Gradient of each weight"), seen.gradient, "gradients", about(seen.gradient, this.least))}
      <figure>
        <h3>${t("The hidden kernel")}</h3>
        ${
          this.shown
            ? html`<lente-kernel
                .kernel=${[this.aim]}
                .touched=${touched}
                .range=${[-MOST_WEIGHT, MOST_WEIGHT]}
                @weight=${this.onHidden}
                @weights=${(/** @type {CustomEvent<number[][][]>} */ event) => this.emit("choose", { aim: event.detail[0] })}
              ></lente-kernel>`
            : html`<button type="button" data-do="show" @click=${() => this.emit("choose", { shown: true })}>
                ${t("Show it")}
              </button>`
        }
      </figure>
    </div>`;
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event */
  onWeight({ detail }) {
    if (detail) this.emit("weight", SIDE * detail.row + detail.column);
  }

  /** A weight of the hidden kernel is pointed at as those beside it are. @param {CustomEvent<{row: number, column: number} | null>} event */
  onHidden(event) {
    event.stopPropagation();
    this.onWeight(event);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const next = gridPlace(event, this.weight, SIDE, WEIGHTS);
    if (next === null) return;
    event.preventDefault();
    this.emit("weight", next);
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
        ${t("The gradient is the mean of this over {count} places:", { count: formatNumber(count) })}<br /><output
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

customElements.define("lente-kernel-sums", LenteKernelSums);
