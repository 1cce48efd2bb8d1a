/** @typedef {[number, number]} Pair */

/**
 * The share of points that lie nearest to the middle of all (the median of each number): stray ones are left out.
 *
 * @param {Pair[]} points
 * @param {number} share 0..1
 * @returns {Pair[]}
 */
export function innerPoints(points, share) {
  const middle = [0, 1].map((i) => median(points.map((point) => point[i])));
  const far = (/** @type {Pair} */ [x, y]) => Math.hypot(x - middle[0], y - middle[1]);
  return points.toSorted((a, b) => far(a) - far(b)).slice(0, Math.ceil(points.length * share));
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
