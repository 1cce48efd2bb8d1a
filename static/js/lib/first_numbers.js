/**
 * A code of which only the first numbers are kept, the others 0: PCA with fewer components.
 *
 * @param {ArrayLike<number>} code
 * @param {number} count
 * @returns {number[]}
 */
export function firstNumbers(code, count) {
  return Array.from(code, (value, i) => (i < count ? value : 0));
}
