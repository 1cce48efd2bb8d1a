import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { groupedNumber } from "../shared/numbers.js";
import { fetchCell, fetchConfusion } from "./server.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-matrix.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {{counts: Tensor, step: number, right: number}} Confusion
 * @typedef {{label: number, answer: number, images: Tensor, total: number}} CellOfIt
 */

const PIXELS = 28 * 28;

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
    return html`<p>
        ${t("At step {step}: {right} of 10 000 read right. Rows are labels, columns what was read; the colours are the mistakes'. Click a cell to see its digits.", { step: groupedNumber(step), right: groupedNumber(right) })}
      </p>
      <lente-matrix
        class="noise-confusion"
        data-part="confusion"
        .values=${counts.data}
        .columns=${10}
        .range=${{ low: 0, high: most }}
        .format=${String}
        label=${t("Which digit is taken for which")}
        @pin=${(/** @type {CustomEvent<{row: number, column: number}>} */ event) => this.open(event.detail.row, event.detail.column)}
      ></lente-matrix>
      ${this.cell ? this.digitsOf(this.cell) : nothing}`;
  }

  /** @param {CellOfIt} cell */
  digitsOf({ label, answer, images, total }) {
    return html`<p>
        ${t("{count} digits with the label {label}, read as {answer}:", { count: groupedNumber(total), label, answer })}
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
