import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { unitWords } from "../shared/layer_words.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { short } from "./figures.js";

/**
 * @typedef {import("./server.js").Sum} Sum
 * @typedef {import("./server.js").Term} Term
 */

const ROWS = 8;

/**
 * What came back to one unit, as a sum over all that read it; at the scores, softmax with cross-entropy. Rendered in the
 * page.
 *
 * @fires walk - {layer, unit} one of those that read it
 */
export class LenteStepUnit extends LenteElement {
  static properties = {
    sum: { attribute: false },
    layer: { attribute: false },
    unit: { attribute: false },
    layers: { attribute: false },
    pictures: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Sum | null} */ this.sum = null;
    this.layer = "";
    /** @type {number[]} */ this.unit = [];
    /** Of the network, in order. @type {import("../digits/forward.js").Layer[]} */ this.layers = [];
    /** How many the loss is the mean of. */ this.pictures = 1;
  }

  render() {
    const { sum } = this;
    if (!sum) return nothing;
    return html`<h3>${unitWords(this.layer, this.unit)}</h3>
      <p>${t("What came back to it:")} <output aria-live="off" data-part="came-back">${short(sum.value)}</output></p>
      ${sum.formula === "softmax_cross_entropy" ? this.atTheLoss(sum) : this.fromReaders(sum)}`;
  }

  /** @param {Sum} sum */
  atTheLoss({ details, value }) {
    const { probability, right, pictures } = details;
    const share = this.pictures > 1 ? ` / ${pictures}` : "";
    return html`<p>
        ${right ? t("Here the loss begins: this is the right digit, and what comes back is its share, less 1.") : t("Here the loss begins: this digit is not the right one, and what comes back is its share.")}
      </p>
      <p>
        <output aria-live="off" data-part="sum"
          >(${formatNumber(probability, 4)} − ${right})${share} = ${formatNumber(value, 4)}</output
        >
      </p>
      <p>
        ${t("The share of {percent} is what softmax makes of the ten scores.", { percent: formatPercent(probability) })}
      </p>`;
  }

  /** @param {Sum} sum */
  fromReaders({ terms, count, total }) {
    const shown = terms.slice(0, ROWS);
    const rest = total - shown.reduce((part, { product }) => part + product, 0);
    const lost = count === 1 && shown[0]?.weight === 0;
    return html`<p>${this.readersWords(shown[0]?.layer ?? "", lost)}</p>
      <table class="step-terms">
        <thead>
          <tr>
            <th>${t("unit")}</th>
            <th>${t("came back")}</th>
            <th>${t("slope")}</th>
            <th>${t("product")}</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (term) =>
              html`<tr>
                <td>${this.walk(term)}</td>
                <td>${short(term.input)}</td>
                <td>${short(term.weight)}</td>
                <td>${short(term.product)}</td>
              </tr>`,
          )}
          ${
            count > shown.length
              ? html`<tr>
                  <td colspan="3">${t("the other {count}", { count: formatNumber(count - shown.length) })}</td>
                  <td>${short(rest)}</td>
                </tr>`
              : nothing
          }
          <tr class="sum">
            <td colspan="3">${t("together")}</td>
            <td data-part="sum">${short(total)}</td>
          </tr>
        </tbody>
      </table>`;
  }

  /** A button that walks on. @param {Term} term */
  walk({ layer, unit }) {
    return html`<button
      type="button"
      class="quiet step-walk"
      @click=${() => layer && this.emit("walk", { layer, unit })}
    >
      ${unitWords(layer ?? "", unit)}
    </button>`;
  }

  /** @param {string} reader @param {boolean} lost */
  readersWords(reader, lost) {
    const operation = this.layers.find(({ name }) => name === reader)?.operation;
    if (operation === "relu")
      return lost
        ? t("ReLU was shut here: the number was negative, nothing went on, and nothing comes back.")
        : t("ReLU was open here: what comes back passes unchanged.");
    if (operation === "max_pool2d")
      return lost
        ? t("It did not win its window: nothing of it went on, and nothing comes back.")
        : t("It won its window: what comes back to the window is all its own.");
    if (operation === "flatten") return t("Flatten only moved it: what comes back moves back.");
    return t("Every unit that reads it passes on what came back to it, times the weight between them:");
  }
}

customElements.define("lente-step-unit", LenteStepUnit);
