/**
 * How alike two lists run: Pearson's coefficient, 1 where one rises with the other, 0 where neither says anything of the
 * other, -1 where one falls as the other rises.
 *
 * @param {ArrayLike<number>} first
 * @param {ArrayLike<number>} second as many values
 * @returns {number} NaN where all values of a list are the same
 */
export function correlation(first, second) {
  const [a, b] = [centred(first), centred(second)];
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/** @param {ArrayLike<number>} values */
function centred(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return Float64Array.from(values, (value) => value - sum / values.length);
}

/** @param {Float64Array} a @param {Float64Array} b */
function product(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
