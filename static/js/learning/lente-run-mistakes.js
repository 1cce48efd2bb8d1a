import { html, nothing, styleMap } from "vendor/lit";
import { announce } from "../frame/announce.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { repaintOnTheme, theme } from "../frame/theme.js";
import { colourMap, colourise, inkOn } from "../shared/colours.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchCell, fetchConfusion } from "./server.js";
import { gridPlace } from "../shared/ui/grid_keys.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {{counts: Tensor, step: number, right: number}} Confusion
 * @typedef {{label: number, answer: number, images: Tensor, total: number}} CellOfIt
 */

const PIXELS = 28 * 28;
const DIGITS = [...Array(10).keys()];

/** Which digit a run's network takes for which, and the digits behind each number. Rendered in the page. */
export class LenteRunMistakes extends LenteElement {
  static properties = {
    run: { attribute: false },
    confusion: { state: true },
    cell: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** Its id. */ this.run = "";
    /** @type {Confusion | null} */ this.confusion = null;
    /** @type {CellOfIt | null} */ this.cell = null;
    this.fault = "";
    repaintOnTheme(this, () => this.requestUpdate());
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("run")) Object.assign(this, { confusion: null, cell: null, fault: "" });
  }

  render() {
    return html`<section data-hideable="confusion">
      <h3>${t("Which digit is taken for which")}</h3>
      <button type="button" data-do="count" @click=${this.count}>${t("Count all 10 000 test digits")}</button>
      ${notice(this.fault)} ${this.confusion ? this.matrix(this.confusion) : nothing}
    </section>`;
  }

  async count() {
    this.cell = null;
    await this.trying(async () => {
      const { tensors, facts } = await fetchConfusion(this.run);
      this.confusion = { counts: tensors.counts, step: facts.step, right: facts.right };
    });
  }

  /** @param {number} label @param {number} answer */
  open(label, answer) {
    return this.trying(async () => {
      const { tensors, facts } = await fetchCell(this.run, label, answer);
      this.cell = { label, answer, images: tensors.images, total: facts.total };
      announce(() => this.querySelector("[data-part=opened]")?.textContent);
    });
  }

  /** @param {() => Promise<unknown>} work */
  async trying(work) {
    try {
      this.fault = "";
      await work();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {Confusion} confusion */
  matrix({ counts, step, right }) {
    const wrong = Float32Array.from(counts.data, (value, i) => (i % 11 ? value : 0));
    const most = wrong.reduce((top, value) => Math.max(top, value), 1);
    const pixels = colourise(counts.data, colourMap("sequential", theme()), 0, most);
    return html`<p>
        ${t("At step {step}: {right} of 10 000 read right. The colours are the mistakes'. Choose a cell to see its digits.", { step: formatNumber(step), right: formatNumber(right) })}
      </p>
      <table class="noise-confusion" data-part="confusion" aria-label=${t("Which digit is taken for which")}>
        <thead>
          <tr>
            <td colspan="2"></td>
            <th scope="colgroup" colspan="10">${t("what the network reads")}</th>
          </tr>
          <tr>
            <td colspan="2"></td>
            ${DIGITS.map((answer) => html`<th scope="col">${answer}</th>`)}
          </tr>
        </thead>
        <tbody @keydown=${this.onKey}>
          ${DIGITS.map(
            (label) =>
              html`<tr>
                ${label ? nothing : html`<th scope="rowgroup" rowspan="10"><span>${t("what it is, its label")}</span></th>`}
                <th scope="row">${label}</th>
                ${DIGITS.map((answer) => this.one(label, answer, counts.data[10 * label + answer], pixels[10 * label + answer]))}
              </tr>`,
          )}
        </tbody>
      </table>
      ${this.cell ? this.digitsOf(this.cell) : nothing}`;
  }

  /** @param {number} label @param {number} answer @param {number} count @param {number} pixel */
  one(label, answer, count, pixel) {
    const { cell } = this;
    const chosen = cell?.label === label && cell.answer === answer;
    const backgroundColor = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
    return html`<td>
      <button
        type="button"
        tabindex=${chosen || (!cell && !label && !answer) ? 0 : -1}
        aria-pressed=${chosen}
        style=${styleMap({ backgroundColor, color: inkOn(pixel) })}
        @click=${() => this.open(label, answer)}
      >
        ${count}
      </button>
    </td>`;
  }

  /** The arrow keys go from cell to cell. @param {KeyboardEvent} event */
  onKey(event) {
    const cells = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("tbody button")]);
    const from = cells.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = gridPlace(event, from, DIGITS.length, cells.length);
    if (next === null) return;
    event.preventDefault();
    cells[next].focus();
  }

  /** @param {CellOfIt} cell */
  digitsOf({ label, answer, images, total }) {
    return html`<p data-part="opened">
        ${t("{count} digits with the label {label}, read as {answer}:", { count: formatNumber(total), label, answer })}
      </p>
      <div class="noise-digits">
        ${Array.from({ length: images.shape[0] }, (_, i) => {
          const data = images.data.subarray(i * PIXELS, (i + 1) * PIXELS);
          return html`<lente-map
            still
            map="grey"
            .tensor=${{ shape: [28, 28], data }}
            .range=${{ low: 0, high: 1 }}
          ></lente-map>`;
        })}
      </div>`;
  }
}

customElements.define("lente-run-mistakes", LenteRunMistakes);
