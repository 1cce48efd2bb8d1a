/**
 * The places of the largest value and of the largest but one.
 *
 * @param {ArrayLike<number>} values two or more
 * @returns {[number, number]}
 */
export function runnerUp(values) {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a]);
  return [order[0], order[1]];
}
