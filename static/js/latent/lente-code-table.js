import { classMap, css, html } from "vendor/lit";
import { ShadowElement } from "../frame/element.js";
import { marked } from "../frame/decimal.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";

/** @typedef {{name: string, meaning: string, values: number[], kind?: "result"}} CodeRow */

/** The way from mu and log variance to z, one number of the code in each column. */
export class LenteCodeTable extends ShadowElement {
  static properties = { rows: { attribute: false }, decimals: { type: Number } };

  static styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .scroll {
      overflow-x: auto;
    }
    .scroll:focus-visible {
      outline: 2px solid var(--ink);
      outline-offset: 2px;
    }
    table {
      border-collapse: collapse;
      font: var(--size-figure)/1.3 var(--figures);
      font-variant-numeric: tabular-nums;
    }
    th {
      text-align: left;
      font-weight: 400;
      padding: 0.25rem 1.2rem 0.25rem 0;
      white-space: nowrap;
      color: var(--ink);
    }
    th small {
      font: var(--size-small)/1.3 var(--prose);
      color: var(--ink-soft);
      margin-left: 0.6rem;
    }
    td {
      text-align: right;
      padding: 0.25rem 0.9rem;
      min-width: 5.2rem;
    }
    @media (max-width: 600px) {
      table {
        width: 100%;
      }
      th {
        padding-right: 0;
        white-space: normal;
      }
      th small {
        display: block;
        margin-left: 0;
      }
      td {
        padding-inline: 0.6rem 0;
        min-width: 0;
        white-space: nowrap;
      }
    }
    tr.result > * {
      border-top: 2px solid var(--ink);
      font-weight: 700;
    }
  `;

  constructor() {
    super();
    /** @type {CodeRow[]} */ this.rows = [];
    this.decimals = 2;
  }

  render() {
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("From mu and sigma to z")}>
      <table aria-label=${t("From mu and sigma to z")}>
        <tbody>
          ${this.rows.map(
            ({ name, meaning, values, kind }) =>
              html` <tr class=${classMap({ result: kind === "result" })}>
                <th scope="row">${name}<small>${meaning}</small></th>
                ${values.map((value) => html`<td title=${marked(String(value))}>${formatNumber(value, this.decimals)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

customElements.define("lente-code-table", LenteCodeTable);
