import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t, withColon } from "../frame/i18n.js";
import { unitWords } from "../shared/layer_words.js";
import { exactNumber, formatNumber } from "../shared/numbers.js";
import { placeOf } from "../shared/units.js";
import { combineWords, kindWords, productColumn, sumWords } from "./term_words.js";
import { addTerms } from "./terms.js";

/**
 * @typedef {import("./terms.js").Term} Term
 * @typedef {import("./server.js").Explanation} Explanation
 */

const MOST = 8;
const DIGITS = 4;

/**
 * The arithmetic of one unit, written out: every term leads on to the unit that it reads. Rendered in the page.
 *
 * @fires walk - {layer, unit} of the term that was chosen
 */
export class LenteFeatureTerms extends LenteElement {
  static properties = {
    explanation: { attribute: false },
    lies: { attribute: false },
    scaling: { attribute: false },
    unit: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Explanation | null} */ this.explanation = null;
    /** How each layer lies. @type {Record<string, import("../shared/units.js").Lie>} */ this.lies = {};
    /** What the pixels were normalised with. @type {{mean: number[], std: number[]}} */ this.scaling = {
      mean: [0],
      std: [1],
    };
    /** @type {number[]} */ this.unit = [];
  }

  render() {
    const { explanation } = this;
    if (!explanation) return nothing;
    if (explanation.combine === "input") return this.pixel(explanation);
    return explanation.combine === "sum" ? this.sum(explanation) : this.other(explanation);
  }

  /** @param {Explanation} explanation */
  pixel({ value }) {
    const channel = this.unit[0];
    const [mean, std] = [this.scaling.mean[channel] ?? 0, this.scaling.std[channel] ?? 1];
    const share = value * std + mean;
    const [byte, result] = [String(Math.round(255 * share)), formatNumber(value, DIGITS)];
    const words = t(
      "The end of the walk: a pixel. Its value is {byte} of 255, that is {share}; less the mean {mean} and divided by the spread {std} that makes {result}.",
      { byte, share: formatNumber(share, DIGITS), mean, std, result },
    );
    return html`<p class="terms-say" data-byte=${byte}>${words}</p>`;
  }

  /** @param {Explanation} explanation */
  sum(explanation) {
    const { operation, terms, bias, value } = explanation;
    const { shown, others, rest, total } = addTerms(terms, bias, MOST);
    const more = t("{count} more terms", { count: others });
    const label = operation === "batch_norm" ? t("shift") : t("bias");
    const words = sumWords(explanation);
    return html`<p class="terms-say">${words}</p>
      <table class="terms">
        <thead>
          <tr>
            <th>${t("reads")}</th>
            <th>${t("input")}</th>
            <th>${t("weight")}</th>
            <th>${t("product")}</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((term) => this.row(term, formatNumber(term.weight, DIGITS), formatNumber(term.product, DIGITS)))}
          ${
            others
              ? html`<tr data-row="rest">
                  <td colspan="3">${more}</td>
                  <td title=${exactNumber(rest)}>${formatNumber(rest, DIGITS)}</td>
                </tr>`
              : nothing
          }
          ${
            bias === null
              ? nothing
              : html`<tr data-row="bias">
                  <td colspan="3">${label}</td>
                  <td title=${exactNumber(bias)}>${formatNumber(bias, DIGITS)}</td>
                </tr>`
          }
          <tr class="total" data-row="total">
            <td colspan="3">${t("sum")}</td>
            <td title=${exactNumber(total)} data-value=${value}>${formatNumber(total, DIGITS)}</td>
          </tr>
        </tbody>
      </table>`;
  }

  /** @param {Explanation} explanation */
  other(explanation) {
    const { combine, terms, value, own } = explanation;
    const column = productColumn(explanation);
    const strongest =
      combine === "softmax"
        ? [...terms].sort((a, b) => Number(b.unit[0] === own) - Number(a.unit[0] === own) || b.product - a.product)
        : terms;
    const others = strongest.slice(MOST);
    const more = t("{count} more terms", { count: others.length });
    const rest = others.reduce((sum, { product }) => sum + product, 0);
    return html`<p class="terms-say">${combineWords(explanation)}</p>
      <table class="terms">
        <thead>
          <tr>
            <th>${t("reads")}</th>
            <th>${t("input")}</th>
            <td></td>
            ${column ? html`<th>${column}</th>` : html`<td></td>`}
          </tr>
        </thead>
        <tbody>
          ${strongest.slice(0, MOST).map((term) => this.row(term, "", column ? formatNumber(term.product, DIGITS) : ""))}
          ${
            column && others.length
              ? html`<tr data-row="rest">
                  <td colspan="3">${more}</td>
                  <td title=${exactNumber(rest)}>${formatNumber(rest, DIGITS)}</td>
                </tr>`
              : nothing
          }
          <tr class="total" data-row="total">
            <td colspan="3">${t("value")}</td>
            <td title=${exactNumber(value)} data-value=${value}>${formatNumber(value, DIGITS)}</td>
          </tr>
        </tbody>
      </table>`;
  }

  /** @param {Term} term @param {string} weight @param {string} product */
  row(term, weight, product) {
    const { layer, unit } = term;
    const name =
      layer === null
        ? kindWords(term)
        : html`<button type="button" class="walk" @click=${() => this.walk(term)} title=${this.words(layer, unit)}>
            ${this.short(layer, unit)}
          </button>`;
    return html`<tr data-row="term" data-kind=${term.kind}>
      <td>${name}</td>
      <td title=${exactNumber(term.input)}>${formatNumber(term.input, DIGITS)}</td>
      <td>${weight}</td>
      <td title=${exactNumber(term.product)}>${product}</td>
    </tr>`;
  }

  /** @param {string} layer @param {number[]} unit */
  words(layer, unit) {
    if (unit.length === 1 || (layer === "input" && unit.length === 3)) return unitWords(layer, unit);
    if (unit.length !== 3) return `${layer} [${unit.join(", ")}]`;
    const { channel, row, column } = this.place(layer, unit);
    return unitWords(layer, [channel, row, column]);
  }

  /** @param {string} layer @param {number[]} unit */
  short(layer, unit) {
    if (unit.length !== 3) return unit.join(", ");
    const { channel, row, column } = this.place(layer, unit);
    return layer === "input"
      ? `${"RGB"[channel] ?? channel} ${row}, ${column}`
      : `${withColon(String(channel))} ${row}, ${column}`;
  }

  /** @param {string} layer @param {number[]} unit of three axes */
  place(layer, unit) {
    return placeOf(unit, this.lies[layer] ?? { layout: "CHW", shape: [0, 0, 0] });
  }

  /** @param {Term} term */
  walk({ layer, unit }) {
    this.emit("walk", { layer, unit });
  }
}

customElements.define("lente-feature-terms", LenteFeatureTerms);
