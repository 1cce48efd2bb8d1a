/**
 * Between two rows of numbers in a straight line.
 *
 * @param {ArrayLike<number>} start
 * @param {ArrayLike<number>} end
 * @param {number} share 0..1
 * @returns {number[]}
 */
export function lerp(start, end, share) {
  return Array.from(start, (value, i) => value + share * (end[i] - value));
}
