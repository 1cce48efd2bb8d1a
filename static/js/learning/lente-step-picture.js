import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { ofPicture } from "./came_in.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-map.js";

/** @type {[string, string][]} */
export const SOURCES = [
  ["one", N_("One of MNIST's")],
  ["many", N_("16 of MNIST's")],
  ["drawing", N_("Your digit")],
];

/**
 * The pictures that a loss is made of, what they are, and the loss, written out. Rendered in the page.
 *
 * @fires take - {source?: string, label?: number}
 * @fires next - other pictures of MNIST's are wanted
 * @fires look-at - {number} one picture of several
 */
export class LenteStepPicture extends LenteElement {
  static properties = {
    source: { attribute: false },
    label: { attribute: false },
    picture: { attribute: false },
    gradients: { attribute: false },
  };

  constructor() {
    super();
    /** @type {"one" | "many" | "drawing"} */ this.source = "one";
    /** What the drawing is said to be. */ this.label = 0;
    /** Which of several is looked at. */ this.picture = 0;
    /** @type {import("../shared/safetensors.js").SafetensorsFile | null} */ this.gradients = null;
  }

  render() {
    const drawing = this.source === "drawing";
    return html`<span
        class="segments"
        role="group"
        aria-label=${t("Where the picture comes from")}
        data-hideable="pictures"
        >${SOURCES.map(
          ([name, words]) =>
            html`<button
              type="button"
              data-source=${name}
              aria-pressed=${this.source === name}
              @click=${() => this.emit("take", { source: name })}
            >
              ${t(words)}
            </button>`,
        )}</span
      >
      <lente-drawing ?hidden=${!drawing}></lente-drawing>
      ${
        drawing
          ? html`<div class="step-labels" role="group" aria-label=${t("The digit that it is")}>
              ${Array.from(
                { length: 10 },
                (_, digit) =>
                  html`<button
                    type="button"
                    data-label=${digit}
                    aria-pressed=${this.label === digit}
                    @click=${() => this.emit("take", { label: digit })}
                  >
                    ${digit}
                  </button>`,
              )}
            </div>`
          : html`<div class="step-pictures" data-many=${this.source === "many"}>${this.thumbnails()}</div>
              <button type="button" data-do="next" @click=${() => this.emit("next")}>
                ${this.source === "many" ? t("Other digits") : t("Another digit")}
              </button>`
      }
      ${this.lossPanel()}`;
  }

  thumbnails() {
    const pictures = this.gradients?.tensors.pictures;
    if (!pictures) return nothing;
    const labels = this.gradients?.facts.labels ?? [];
    return labels.map((/** @type {number} */ label, /** @type {number} */ i) => {
      const tensor = ofPicture(pictures, i);
      return html`<button
        type="button"
        class="step-picture"
        aria-pressed=${i === this.picture}
        aria-label=${t("Picture {number}, a {label}", { number: i + 1, label })}
        @click=${() => this.emit("look-at", i)}
      >
        <lente-map still map="grey" .tensor=${tensor} .range=${{ low: 0, high: 1 }}></lente-map>
      </button>`;
    });
  }

  /** Softmax and cross-entropy, written out for the picture that is looked at. */
  lossPanel() {
    if (!this.gradients) return this.source === "drawing" ? html`<p class="empty">${t("Draw a digit.")}</p>` : nothing;
    const shares = ofPicture(this.gradients.tensors.probabilities, this.picture).data;
    const right = this.gradients.facts.labels[this.picture];
    const own = shares[right];
    const many = this.gradients.facts.labels.length > 1;
    return html`<div class="step-loss">
      <p>
        ${t("It is a {label}. The network's share for {label}:", { label: right })}
        <output aria-live="off">${formatPercent(own, own > 0.999 ? 4 : 1)}</output>
      </p>
      <p>
        ${t("Loss = −ln(share):")}<br /><output aria-live="off" data-part="loss"
          >−ln(${formatNumber(own)}) = ${formatNumber(-Math.log(Math.max(own, 1e-38)))}</output
        >
      </p>
      ${many ? html`<p>${t("mean of the {count} pictures:", { count: this.gradients.facts.labels.length })} <output aria-live="off">${formatNumber(this.gradients.facts.loss ?? NaN)}</output></p>` : nothing}
    </div>`;
  }
}

customElements.define("lente-step-picture", LenteStepPicture);
