/**
 * Scores to probabilities: e to the power of each score, as a share of the sum of all.
 *
 * @param {ArrayLike<number>} scores
 * @param {number} [temperature] scores are divided by it first: above 1 flattens, below 1 sharpens
 * @returns {Float32Array<ArrayBuffer>}
 */
export function softmax(scores, temperature = 1) {
  const list = Array.from(scores);
  const largest = Math.max(...list);
  const powers = list.map((score) => Math.exp((score - largest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}
