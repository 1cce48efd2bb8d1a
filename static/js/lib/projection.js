/**
 * A flat map of codes with many numbers: along two directions, through a middle.
 *
 * @typedef {{mean: number[], axes: number[][]}} Directions
 */

/** @param {ArrayLike<number>} z @param {Directions} directions @returns {[number, number]} */
export function project(z, { mean, axes }) {
  const along = (/** @type {number[]} */ axis) => axis.reduce((sum, part, i) => sum + part * (z[i] - mean[i]), 0);
  return [along(axes[0]), axes[1] ? along(axes[1]) : 0];
}

/**
 * The code nearest to `z` that lies above another place of the map: what the map does not show stays as it is.
 *
 * @param {ArrayLike<number>} z
 * @param {[number, number]} place
 * @param {Directions} directions
 * @returns {number[]}
 */
export function moveAbove(z, place, directions) {
  const from = project(z, directions);
  return Array.from(z, (value, i) =>
    directions.axes.reduce((sum, axis, k) => sum + axis[i] * (place[k] - from[k]), value),
  );
}
