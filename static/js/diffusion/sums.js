import { html } from "vendor/lit";
import { exactNumber } from "../shared/numbers.js";
import { hatted } from "./hatted.js";

/**
 * @typedef {object} Term
 * @property {string} name of the factor, such as "a"
 * @property {number} factor
 * @property {string} of what it is multiplied with
 * @property {number} value
 * @property {boolean} [minus] whether the product is taken away
 */

const DIGITS = 5;

/**
 * A sum of products, once in letters and once in numbers.
 *
 * @param {string} part by which it is found
 * @param {string} name what is made
 * @param {number} total
 * @param {Term[]} terms
 * @param {unknown} [after] what becomes of the total
 */
export function writtenSum(part, name, total, terms, after = "") {
  const letters = terms.map(({ name: factor, of, minus }, i) => `${sign(i, minus)}${factor} · ${of}`).join("");
  return html`<div class="noise-sum figures" data-sum=${part}>
    <span class="noise-letters">${hatted(`${name} = ${letters}`)}</span>
    <output aria-live="off"
      >${exactNumber(total, DIGITS)} =
      ${terms.map(({ factor, value, minus }, i) => html`${sign(i, minus)}${exactNumber(factor, DIGITS)} · ${bracketed(value)}`)}</output
    >
    ${after}
  </div>`;
}

/** @param {number} i @param {boolean | undefined} minus */
const sign = (i, minus) => (minus ? " − " : i ? " + " : "");

/** @param {number} value */
const bracketed = (value) => (value < 0 ? `(${exactNumber(value, DIGITS)})` : exactNumber(value, DIGITS));
