import { html, nothing, svg } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t, N_ } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { fetchSteps } from "../shared/server/steps.js";
import { exactly } from "../shared/ui/exactly.js";
import { progressOf } from "./progress.js";
import { faithfulnessAddress } from "./server.js";

/**
 * @typedef {{deletion: number[], insertion: number[], deletion_area: number, insertion_area: number}} Curves
 * @typedef {{attribution: Curves, random: Curves, randomised: Curves}} Faithfulness
 */

const ORDERS = /** @type {const} */ ([
  ["attribution", N_("in the order of the map")],
  ["randomised", N_("in the order of the map of random weights")],
  ["random", N_("in any order")],
]);
const [WIDTH, HEIGHT] = [240, 120];

/** Whether the map of why is any good: what becomes of the class when it is followed. Rendered in the page. */
export class LenteFeatureCurves extends LenteElement {
  static properties = { state: { attribute: false } };

  constructor() {
    super();
    /** @type {import("./state.js").FeaturesState | null} */ this.state = null;
    /** @type {LongAnswer<Faithfulness>} */ this.curves = new LongAnswer(this);
  }

  get path() {
    return this.state ? faithfulnessAddress(this.state) : "";
  }

  willUpdate() {
    if (this.curves.key && this.curves.key !== this.path) this.curves.clear();
  }

  ask() {
    const { path } = this;
    this.curves.ask(path, (onStep, signal) => fetchSteps(path, onStep, signal));
  }

  render() {
    const { curves } = this;
    return html`<h3>${t("Is the explanation any good?")}</h3>
      <p>
        ${t("The pixels that the map puts first are taken away: where it is right, the class falls fast. Then they alone are given back to a picture without form: the class should rise fast. Two other orders are there to compare.")}
      </p>
      ${curves.state === "idle" ? html`<button type="button" data-do="curves" @click=${() => this.ask()}>${t("Put this explanation to the test")}</button>` : nothing}
      <div data-result tabindex="-1" aria-busy=${curves.state === "busy"}>
        ${progressOf(curves, () => this.ask())} ${curves.result ? this.result(curves.result) : nothing}
      </div>`;
  }

  /** @param {Faithfulness} found */
  result(found) {
    return html`<div class="curves">
        ${this.chart(found, "deletion", t("Taken away: lower is better"))}${this.chart(found, "insertion", t("Given back: higher is better"))}
      </div>
      ${exactly(html`<p>${t("Deletion and insertion (Petsiuk and others, 2018) in 16 parts; each number is the area under its curve. Pixels are taken away by painting them grey. One random order and one set of random weights is not many: the areas of others differ a little.")}</p>`)}`;
  }

  /** @param {Faithfulness} found @param {"deletion" | "insertion"} kind @param {string} title */
  chart(found, kind, title) {
    const points = (/** @type {number[]} */ values) =>
      values.map((value, i) => `${(WIDTH * i) / (values.length - 1)},${HEIGHT * (1 - value)}`).join(" ");
    return html`<figure data-kind=${kind}>
      <figcaption>${title}</figcaption>
      <svg viewBox="-2 -2 ${WIDTH + 4} ${HEIGHT + 4}" role="img" aria-label=${title}>
        <path class="axes" d="M0,0 V${HEIGHT} H${WIDTH}" />
        ${ORDERS.map(([order]) => svg`<polyline data-order=${order} points=${points(found[order][kind])} />`)}
      </svg>
      <ul class="curve-areas">
        ${ORDERS.map(
          ([order, words]) =>
            html`<li data-order=${order}>
              <svg viewBox="0 0 24 4" aria-hidden="true"><polyline data-order=${order} points="0,2 24,2" /></svg>
              <span>${t(words)}</span>
              <output aria-live="off" class="figures">${formatNumber(found[order][`${kind}_area`], 3)}</output>
            </li>`,
        )}
      </ul>
    </figure>`;
  }
}

customElements.define("lente-feature-curves", LenteFeatureCurves);
