import { html, live, nothing, svg } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { numberFrom, oneOf } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { N_, t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { short, exact } from "./figures.js";
import { WAYS, reachOf, secondWeight, upsideDown } from "./loss_plane.js";
import { fetchPlane } from "./server.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("./server.js").Batch} Batch
 * @typedef {import("./server.js").Plane} Plane
 * @typedef {import("./server.js").Weight} Weight
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const FIRST_FAR = 4;
const MOST_FAR = 1000;
const CALM = 200;
/** An arrow that is shorter than this part of the plane cannot be seen. */
const LEAST_ARROW = 0.015;
/** Of the drawing over the plane, whose middle is 0. */
const HALF = 50;
/** @type {Record<string, string>} */
const WAY_WORDS = {
  largest: N_("the weight of this layer with the largest gradient"),
  beside: N_("the weight beside it"),
  kernel: N_("the same weight of the next kernel or unit"),
  bias: N_("the bias of its kernel or unit"),
};

/** The loss where two weights are moved together, and one step of descent on it. Rendered in the page. */
export class LenteLossPlane extends LenteElement {
  static properties = {
    batch: { attribute: false },
    layer: { attribute: false },
    index: { attribute: false },
    gradient: { attribute: false },
    bias: { attribute: false },
    rate: { attribute: false },
    along: { state: true },
    far: { state: true },
    found: { state: true },
    cell: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {Batch | null} */ this.batch = null;
    /** Whose weights they are. */ this.layer = "";
    /** The place of the first weight. @type {number[]} */ this.index = [];
    /** Of the layer's weights. @type {Tensor | null} */ this.gradient = null;
    /** Of its biases. @type {Tensor | null} */ this.bias = null;
    this.rate = 0.1;
    this.along = "";
    this.far = FIRST_FAR;
    /** @type {{plane: Plane, weights: [Weight, Weight], reach: number} | null} */ this.found = null;
    /** @type {{row: number, column: number} | null} */ this.cell = null;
    this.fault = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    addressed(this, {
      along: { name: "along", first: WAYS[0], accepts: oneOf(WAYS) },
      far: { name: "far", first: FIRST_FAR, accepts: numberFrom(1, MOST_FAR) },
    });
    this.load = newest(
      async (/** @type {Batch} */ batch, /** @type {[Weight, Weight]} */ weights, /** @type {number} */ reach) => ({
        plane: await fetchPlane(batch, [weights[1], weights[0]], reach, this.rate),
        weights,
        reach,
      }),
      (found) => Object.assign(this, { found, fault: "" }),
      (error) => (this.fault = error.message),
    );
    this.near = new Near(this, () => this.ask());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (["gradient", "index", "rate", "along", "far"].some((name) => changed.has(name))) this.ask();
  }

  /** Once the hand rests. */
  ask() {
    clearTimeout(this.timer);
    if (this.near.here) this.timer = setTimeout(() => this.go(), CALM);
  }

  go() {
    const { batch, layer, index, gradient, bias } = this;
    if (!batch || !gradient || !bias || index.length !== gradient.shape.length) return;
    const first = { parameter: `${layer}.weight`, index };
    const second = secondWeight(this.along, layer, index, gradient);
    const slopes = [first, second].map((weight) =>
      at(weight.parameter.endsWith("bias") ? bias : gradient, weight.index),
    );
    this.load(batch, [first, second], reachOf(slopes, this.rate, this.far));
  }

  render() {
    if (!this.gradient) return nothing;
    return html`<section class="plane" data-hideable="plane">
      <h3>${t("The loss along two weights")}</h3>
      <p>
        ${t("Move two weights at once, and the loss is a landscape: the dot is where they are, the arrow is one step of descent, both weights at once.")}
      </p>
      ${notice(this.fault)} ${this.controls()}
      ${this.found ? this.whole(this.found) : html`<p class="empty">${t("The landscape is being computed…")}</p>`}
    </section>`;
  }

  controls() {
    return html`<div class="row plane-controls">
      <label
        >${t("Upwards moves")}
        <select
          data-part="along"
          @change=${(/** @type {Event} */ event) => (this.along = /** @type {HTMLSelectElement} */ (event.target).value)}
        >
          ${WAYS.map((way) => html`<option value=${way} ?selected=${way === this.along}>${t(WAY_WORDS[way])}</option>`)}
        </select></label
      >
      <label class="plane-far"
        >${t("It reaches, in steps")}
        <input
          type="range"
          min="0"
          max=${Math.log10(MOST_FAR)}
          step="0.05"
          data-part="far"
          aria-valuetext=${formatNumber(this.far)}
          .value=${live(String(Math.log10(this.far)))}
          @input=${(/** @type {Event} */ event) => (this.far = Number((10 ** Number(/** @type {HTMLInputElement} */ (event.target).value)).toPrecision(2)))}
        />
        <output aria-live="off">${formatNumber(this.far)}</output></label
      >
    </div>`;
  }

  /** @param {NonNullable<LenteLossPlane["found"]>} found */
  whole({ plane, weights, reach }) {
    const losses = upsideDown(plane.losses);
    const all = Array.from(losses.data);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return html`<div class="plane-columns">
      <figure>
        <div class="plane-map">
          <lente-map
            map="sequential"
            .tensor=${losses}
            .range=${{ low, high }}
            label=${t("The loss along two weights")}
            @cell=${(/** @type {CustomEvent<{row: number, column: number} | null>} */ event) => (this.cell = event.detail)}
          ></lente-map>
          ${this.arrow(plane, reach)}
        </div>
        <lente-legend .low=${low} .high=${high} map="sequential" .note=${t("loss")}></lente-legend>
      </figure>
      <div class="plane-says">${this.says(plane, weights, reach)}</div>
    </div>`;
  }

  /** @param {Plane} plane @param {number} reach */
  arrow(plane, reach) {
    const [up, right] = moves(plane).map((move) => (HALF * move) / reach);
    const long = Math.hypot(up, right);
    const head = Math.min(5, long / 2);
    const to = (/** @type {number} */ back, /** @type {number} */ aside) =>
      `${(right * (1 - back / long) - (aside * up) / long).toFixed(2)},${(-up * (1 - back / long) - (aside * right) / long).toFixed(2)}`;
    return html`<svg class="plane-step" viewBox="${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}" aria-hidden="true">
      ${
        long / HALF > LEAST_ARROW
          ? svg`<path class="halo" d="M0,0L${to(0, 0)}M${to(head, head / 2)}L${to(0, 0)}L${to(head, -head / 2)}"></path>
            <path d="M0,0L${to(0, 0)}M${to(head, head / 2)}L${to(0, 0)}L${to(head, -head / 2)}"></path>`
          : nothing
      }
      <circle r="1.6"></circle>
    </svg>`;
  }

  /** @param {Plane} plane @param {[Weight, Weight]} weights @param {number} reach */
  says(plane, weights, reach) {
    const names = weights.map(({ parameter, index }) => `${parameter}[${index.join(", ")}]`);
    const axis = (/** @type {string} */ words, /** @type {number} */ which) =>
      html`<p>
        ${words} <code>${names[1 - which]}</code><br /><output
          aria-live="off"
          data-part=${which ? "plane-right" : "plane-up"}
          >${formatNumber(plane.old[which], 4)} − ${formatNumber(this.rate)} × ${signed(short(plane.gradients[which]))}
          = ${formatNumber(plane.new[which], 4)}</output
        >
      </p>`;
    const still = Math.max(...moves(plane).map(Math.abs)) / reach < LEAST_ARROW;
    return html`${axis(t("To the right:"), 1)} ${axis(t("Upwards:"), 0)}
      <p>
        ${t("Loss {before} becomes {after}.", { before: exact(plane.loss), after: exact(plane.loss_after) })}
        ${still ? t("The step is too short to be seen here: raise the learning rate, or take a digit that is read less surely.") : nothing}
      </p>
      <p class="plane-cell">
        <output aria-live="off" data-part="plane-cell">${this.cellWords(plane, reach)}</output>
      </p>`;
  }

  /** @param {Plane} plane @param {number} reach */
  cellWords(plane, reach) {
    if (!this.cell)
      return t("Each way it reaches {reach}. Point at a place to read its loss.", { reach: short(reach) });
    const { row, column } = this.cell;
    const side = plane.losses.shape[0];
    const middle = (side - 1) / 2;
    const loss = plane.losses.data[(side - 1 - row) * side + column];
    const [up, right] = [middle - row, column - middle].map((steps) => (reach * steps) / middle);
    return t("{right} to the right, {up} upwards: loss {loss}", {
      right: short(right),
      up: short(up),
      loss: exact(loss),
    });
  }
}

/** How far a step of descent goes, up and to the right. @param {Plane} plane */
const moves = ({ old, new: after }) => after.map((weight, i) => weight - old[i]);

/** @param {Tensor} tensor @param {number[]} index */
const at = ({ shape, data }, index) => data[index.reduce((place, one, axis) => place * shape[axis] + one, 0)];

/** A negative number within a product is in brackets. @param {string} text */
const signed = (text) => (text.startsWith("−") ? `(${text})` : text);

customElements.define("lente-loss-plane", LenteLossPlane);
