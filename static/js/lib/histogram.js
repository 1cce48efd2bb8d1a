/**
 * How many values lie in each of `bins` equal parts from `low` to `high`; `high` itself belongs to the last part, and what
 * lies outside is not counted.
 *
 * @param {ArrayLike<number>} values
 * @param {number} bins
 * @param {number} low
 * @param {number} high
 * @returns {number[]}
 */
export function histogram(values, bins, low, high) {
  const counts = new Array(bins).fill(0);
  const scale = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < low || value > high) continue;
    counts[Math.min(bins - 1, Math.floor((value - low) * scale))]++;
  }
  return counts;
}
