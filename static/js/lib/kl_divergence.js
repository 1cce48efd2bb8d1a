/**
 * KL(N(mu, sigma^2) || N(0, 1)) of each number of a code, in nats. Kingma and Welling, appendix B.
 *
 * @param {ArrayLike<number>} mu
 * @param {ArrayLike<number>} logVariance
 * @returns {number[]}
 */
export function klDivergence(mu, logVariance) {
  return Array.from(mu, (value, i) => 0.5 * (value * value + Math.exp(logVariance[i]) - 1 - logVariance[i]));
}
