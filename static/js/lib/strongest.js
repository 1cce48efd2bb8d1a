import { sumOf } from "./sum_of.js";

/**
 * The terms with the largest products, and what the others add up to.
 *
 * @param {import("../digits/explain_unit.js").Term[]} terms
 * @param {number} count
 * @returns {{first: import("../digits/explain_unit.js").Term[], others: number, rest: number}} `others` of them make `rest`
 */
export function strongest(terms, count) {
  const sorted = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const rest = sorted.slice(count);
  return { first: sorted.slice(0, count), others: rest.length, rest: sumOf(rest) };
}
