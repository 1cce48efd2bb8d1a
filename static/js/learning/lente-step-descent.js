import { html, live, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { exact, short } from "./figures.js";
import "../shared/ui/lente-chart.js";

/**
 * One weight moved by hand, one step of descent, and the loss along the weight. Rendered in the page.
 *
 * @fires move - {rate?: number, nudge?: number}
 */
export class LenteStepDescent extends LenteElement {
  static properties = {
    descent: { attribute: false },
    rate: { attribute: false },
    nudge: { attribute: false },
    old: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {import("./server.js").Descent | null} */ this.descent = null;
    this.rate = 0.1;
    this.nudge = 0.01;
    /** Whether it is still that of the weight before. */ this.old = false;
  }

  render() {
    const { descent } = this;
    if (!descent) return nothing;
    const { weight, gradient, slope, others, slice } = descent;
    return html`<section class="step-descent" data-hideable="descent" aria-busy=${this.old}>
      <h3>${t("Move this weight")}</h3>
      ${this.slider(t("Nudge it by"), "nudge", [-4, 0])}
      <p>
        ${t("Loss {before} becomes {after}.", { before: exact(descent.loss), after: exact(descent.nudged) })}
        ${t("Measured slope: {slope}, give or take {error}. Gradient: {gradient}.", { slope: short(slope.slope), error: short(slope.error), gradient: short(gradient) })}
      </p>
      ${this.slider(t("Learning rate"), "rate", [-3, 2])}
      <p>
        <output aria-live="off" data-part="descent"
          >${formatNumber(weight, 4)} − ${formatNumber(descent.rate)} ×
          ${gradient < 0 ? `(${short(gradient)})` : short(gradient)} = ${formatNumber(descent.new, 4)}</output
        >
      </p>
      <table class="step-terms">
        <thead>
          <tr>
            <th>${t("loss")}</th>
            <th>${t("before the step")}</th>
            <th>${t("after it")}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>${t("here")}</td>
            <td>${exact(descent.loss)}</td>
            <td data-part="after">${exact(descent.loss_after)}</td>
          </tr>
          <tr>
            <td>${t("{count} other digits", { count: formatNumber(others.count) })}</td>
            <td>${exact(others.loss)}</td>
            <td>${exact(others.loss_after)}</td>
          </tr>
        </tbody>
      </table>
      <figure>
        <lente-chart
          .x=${slice.weights}
          .series=${[{ name: t("loss along this weight"), colour: "--ink", values: slice.losses, told: "" }]}
          .at=${descent.new}
          label=${t("The loss along this weight; the line marks where the step leads")}
        ></lente-chart>
        <figcaption>${t("The line marks where the step leads; the middle is where the weight is now.")}</figcaption>
      </figure>
    </section>`;
  }

  /**
   * @param {string} words
   * @param {"rate" | "nudge"} name
   * @param {[number, number]} reach powers of ten
   */
  slider(words, name, [low, high]) {
    return html`<label class="step-slider"
      >${words}
      <input
        type="range"
        min=${low}
        max=${high}
        step="0.05"
        data-part=${name}
        aria-valuetext=${formatNumber(this[name])}
        .value=${live(String(Math.log10(this[name])))}
        @input=${(/** @type {Event} */ event) => this.emit("move", { [name]: Number((10 ** Number(/** @type {HTMLInputElement} */ (event.target).value)).toPrecision(2)) })}
      />
      <output aria-live="off">${formatNumber(this[name])}</output></label
    >`;
  }
}

customElements.define("lente-step-descent", LenteStepDescent);
