/**
 * @typedef {object} Term
 * @property {number} input
 * @property {number} weight
 * @property {number} product
 * @property {string | null} layer null for padding
 * @property {number[]} unit
 */

/**
 * The strongest terms of a sum, and what the others and the bias add.
 *
 * @param {Term[]} terms strongest first
 * @param {number | null} bias
 * @param {number} most to be shown
 * @returns {{shown: Term[], others: number, rest: number, total: number}} how many others there are, their sum, the sum of all
 */
export function addTerms(terms, bias, most) {
  const shown = terms.slice(0, most);
  const others = terms.slice(most);
  const rest = others.reduce((sum, { product }) => sum + product, 0);
  const total = shown.reduce((sum, { product }) => sum + product, rest + (bias ?? 0));
  return { shown, others: others.length, rest, total };
}
