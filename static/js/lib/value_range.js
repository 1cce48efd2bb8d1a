/**
 * @typedef {object} ValueRange
 * @property {number} low
 * @property {number} high
 * @property {boolean} signed whether there are values on both sides of zero, which a diverging map shows
 * @property {boolean} clipped whether some values lie outside
 * @property {boolean} constant whether all values are the same
 */

/**
 * The range to paint values with: symmetric about zero where there are negative ones, else from zero; its end is the
 * largest size, or the given quantile of the sizes so that one outlier does not darken everything.
 *
 * @param {ArrayLike<number>} values
 * @param {number} [quantile] 0..1; 1 is the largest
 * @returns {ValueRange}
 */
export function valueRange(values, quantile = 1) {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < lowest) lowest = values[i];
    if (values[i] > highest) highest = values[i];
  }
  if (lowest > highest) lowest = highest = 0;
  const extreme = Math.max(Math.abs(lowest), Math.abs(highest));
  const end = quantile < 1 ? quantileOfSizes(values, quantile) || extreme : extreme;
  const signed = lowest < 0;
  return { low: signed ? -end : 0, high: end, signed, clipped: end < extreme, constant: lowest === highest };
}

/**
 * @param {ArrayLike<number>} values
 * @param {number} quantile
 */
function quantileOfSizes(values, quantile) {
  const sizes = Float32Array.from(values, Math.abs).sort();
  return sizes[Math.min(sizes.length - 1, Math.floor(quantile * sizes.length))];
}
