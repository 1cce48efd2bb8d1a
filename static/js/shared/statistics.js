/**
 * How undecided probabilities are, in bits: 0 when one is certain, log2(n) when all n are equal (Shannon, 1948).
 *
 * @param {ArrayLike<number>} probabilities
 * @returns {number}
 */
export function entropy(probabilities) {
  let bits = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] > 0) bits -= probabilities[i] * Math.log2(probabilities[i]);
  }
  return bits;
}
