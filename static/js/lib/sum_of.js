/**
 * The sum of the products of terms, in double precision.
 *
 * @param {{product: number}[]} terms
 * @returns {number}
 */
export function sumOf(terms) {
  return terms.reduce((sum, { product }) => sum + product, 0);
}
