import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../../frame/element.js";
import { N_, t } from "../../frame/i18n.js";
import { decimalMark, marked } from "../../frame/decimal.js";
import { parseMatrix } from "../../frame/written_numbers.js";
import { exactNumber } from "../numbers.js";

const MOST = 4096;
/** Rows and columns of what was read that are shown back. */
const SHOWN = 12;

/** @type {Record<string, string>} */
const FAULTS = {
  empty: N_("Write at least one number; a row of numbers on each line."),
  ragged: N_("Row {row} has {found} numbers and the first one {wanted}: all rows must be as long."),
  not_number: N_("“{text}” is not a number. Write one such as 2, −0.5 or 1/9."),
  out_of_reach: N_("{label}: {value} is out of reach, accepted are {min} to {max}."),
  too_many: N_("{found} numbers are too many to type: at most {most}."),
};

/**
 * A matrix as text, to be typed or pasted from a spreadsheet. What was read of it is shown back as a table, and counts once
 * the visitor says so. Rendered in the page.
 *
 * @fires matrix - the numbers that are to count
 */
export class LenteMatrixEditor extends LenteElement {
  static properties = {
    matrix: { attribute: false },
    range: { attribute: false },
    fault: { state: true },
    kept: { type: Boolean },
    read: { state: true },
  };

  constructor() {
    super();
    /** @type {number[][] | null} */ this.matrix = null;
    /** @type {[number, number]} the least and the most of a number */ this.range = [-Infinity, Infinity];
    /** Whether there is a last good picture. */ this.kept = false;
    /** What was made of the text. @type {number[][] | null} */ this.read = null;
    this.fault = "";
  }

  /** What was read of a text is gone once another matrix takes its place. @param {Map<string, any>} changed */
  willUpdate(changed) {
    const another = changed.has("matrix") && String(this.matrix) !== String(changed.get("matrix"));
    if (another && String(this.matrix) !== String(this.read)) this.read = null;
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
        @keydown=${this.onKey}
      ></textarea>
      ${this.read ? this.table(this.read) : nothing}
      ${notice(this.fault && html`${this.fault} ${this.kept ? t("The last good picture stays.") : ""}`)}
    </details>`;
  }

  /** @param {number[][]} rows */
  table(rows) {
    const cut = (/** @type {unknown[]} */ list) => (list.length > SHOWN ? html`<td>…</td>` : nothing);
    return html`<div class="matrix-read" role="region" tabindex="0" aria-label=${t("What was read")}>
      <table>
        <caption>
          ${t("Read as {rows} × {columns}:", { rows: rows.length, columns: rows[0].length })}
        </caption>
        <tbody>
          ${rows.slice(0, SHOWN).map(
            (row) =>
              html`<tr>
                ${row.slice(0, SHOWN).map((value) => html`<td>${exactNumber(value)}</td>`)}${cut(row)}
              </tr>`,
          )}
          ${
            rows.length > SHOWN
              ? html`<tr>
                  <td>…</td>
                </tr>`
              : nothing
          }
        </tbody>
      </table>
      <button type="button" data-do="use" @click=${this.use}>${t("Use these numbers")}</button>
    </div>`;
  }

  use() {
    if (this.read) this.tell("matrix", this.read);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.use();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const area = /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
    if (changed.has("matrix") && this.matrix && document.activeElement !== area)
      area.value = this.matrix.map((row) => row.map((value) => marked(String(value))).join("\t")).join("\n");
  }

  /** @param {Event} event */
  onInput(event) {
    const parsed = this.bounded(
      parseMatrix(/** @type {HTMLTextAreaElement} */ (event.target).value, MOST, decimalMark()),
    );
    this.fault = "matrix" in parsed ? "" : t(FAULTS[parsed.code], parsed.values);
    this.read = "matrix" in parsed ? parsed.matrix : null;
  }

  /** @param {import("../../frame/written_numbers.js").ParsedMatrix} parsed */
  bounded(parsed) {
    const [min, max] = this.range;
    const far = "matrix" in parsed ? parsed.matrix.flat().find((value) => value < min || value > max) : undefined;
    if (far === undefined) return parsed;
    return { code: "out_of_reach", values: { label: t("Input"), value: far, min, max } };
  }
}

customElements.define("lente-matrix-editor", LenteMatrixEditor);
