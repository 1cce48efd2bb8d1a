import { html } from "vendor/lit";
import { LenteElement, notice } from "../../frame/element.js";
import { N_, t } from "../../frame/i18n.js";
import { parseMatrix } from "../numbers.js";

const MOST = 4096;

/** @type {Record<string, string>} */
const FAULTS = {
  empty: N_("Write at least one number; a row of numbers on each line."),
  ragged: N_("Row {row} has {found} numbers and the first one {wanted}: all rows must be as long."),
  not_number: N_("“{text}” is not a number. Write one such as 2, -0.5 or 1/9."),
  too_many: N_("{found} numbers are too many to type: at most {most}."),
};

/**
 * A matrix as text, to be typed or pasted from a spreadsheet. Rendered in the page.
 *
 * @fires matrix - the numbers, whenever the text makes a matrix
 */
export class LenteMatrixEditor extends LenteElement {
  static properties = { matrix: { attribute: false }, fault: { state: true } };

  constructor() {
    super();
    /** @type {number[][] | null} */ this.matrix = null;
    this.fault = "";
  }

  render() {
    return html`<details>
      <summary>${t("Write the numbers yourself")}</summary>
      <textarea
        rows="6"
        spellcheck="false"
        aria-label=${t("Numbers of the input, a row on each line")}
        aria-invalid=${this.fault !== ""}
        @input=${this.onInput}
      ></textarea>
      ${notice(this.fault && html`${this.fault} ${t("The last good picture stays.")}`)}
    </details>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const area = /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
    if (changed.has("matrix") && this.matrix && document.activeElement !== area)
      area.value = this.matrix.map((row) => row.join("\t")).join("\n");
  }

  /** @param {Event} event */
  onInput(event) {
    const parsed = parseMatrix(/** @type {HTMLTextAreaElement} */ (event.target).value, MOST);
    this.fault = "matrix" in parsed ? "" : t(FAULTS[parsed.code], parsed.values);
    if ("matrix" in parsed) this.tell("matrix", parsed.matrix);
  }
}

customElements.define("lente-matrix-editor", LenteMatrixEditor);
