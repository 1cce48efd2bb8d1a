/**
 * How evenly counts are spread: 0 where all fall on one, log2(N) where all N are alike.
 *
 * @param {ArrayLike<number>} counts
 * @returns {number} bits
 */
export function entropyBits(counts) {
  const all = Array.from(counts);
  const sum = all.reduce((a, b) => a + b, 0);
  return all.reduce((bits, count) => (count ? bits - (count / sum) * Math.log2(count / sum) : bits), 0);
}
