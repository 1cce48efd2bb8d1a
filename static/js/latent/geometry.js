/**
 * How fast pictures change across each cell of a grid: the mean over its four edges of the distance between the pictures
 * at their ends (root of the summed squared differences), divided by the edge's length.
 *
 * @param {Float32Array} pictures (rows * columns, D), one for each corner of the cells
 * @param {number} rows
 * @param {number} columns
 * @param {{x: number, y: number}} step lengths of the edges
 * @returns {Float32Array} ((rows - 1) * (columns - 1),)
 */
export function cellChanges(pictures, rows, columns, step) {
  const width = pictures.length / (rows * columns);
  const across = (/** @type {number} */ at) => distance(pictures, at, at + 1, width) / step.x;
  const down = (/** @type {number} */ at) => distance(pictures, at, at + columns, width) / step.y;
  return new Float32Array((rows - 1) * (columns - 1)).map((_, cell) => {
    const corner = Math.floor(cell / (columns - 1)) * columns + (cell % (columns - 1));
    return (across(corner) + across(corner + columns) + down(corner) + down(corner + 1)) / 4;
  });
}

/** @param {Float32Array} pictures @param {number} one @param {number} other @param {number} width */
function distance(pictures, one, other, width) {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (pictures[one * width + i] - pictures[other * width + i]) ** 2;
  return Math.sqrt(sum);
}

const TURNS = 40;

/**
 * The two directions in which rows of numbers spread most: principal component analysis by the power method.
 *
 * @param {Float32Array} rows (N, D)
 * @param {number} width D
 * @returns {{mean: Float32Array, axes: Float32Array[], share: number}} two axes of length 1, and their share of the variance
 */
export function principalAxes(rows, width) {
  const count = rows.length / width;
  const mean = new Float32Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width] += rows[i] / count;
  const rest = rows.map((value, i) => value - mean[i % width]);
  const whole = energy(rest);
  const axes = [0, 1].map(() => strongestAxis(rest, width));
  return { mean, axes, share: whole ? 1 - energy(rest) / whole : 0 };
}

/** The strongest direction, which is then taken out of `rest`. @param {Float32Array} rest @param {number} width */
function strongestAxis(rest, width) {
  let axis = new Float32Array(width).map((_, i) => 1 + (i % 7) / 7);
  for (let turn = 0; turn < TURNS; turn++) axis = unit(through(rest, axis));
  for (let start = 0; start < rest.length; start += width) {
    const along = dot(rest, start, axis);
    for (let i = 0; i < width; i++) rest[start + i] -= along * axis[i];
  }
  return axis;
}

/** rest' rest axis. @param {Float32Array} rest @param {Float32Array} axis */
function through(rest, axis) {
  const sum = new Float32Array(axis.length);
  for (let start = 0; start < rest.length; start += axis.length) {
    const along = dot(rest, start, axis);
    for (let i = 0; i < axis.length; i++) sum[i] += along * rest[start + i];
  }
  return sum;
}

/** @param {Float32Array} rows @param {number} start @param {Float32Array} axis */
function dot(rows, start, axis) {
  let sum = 0;
  for (let i = 0; i < axis.length; i++) sum += rows[start + i] * axis[i];
  return sum;
}

/** @param {Float32Array} values */
function energy(values) {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** @param {Float32Array<ArrayBuffer>} values */
function unit(values) {
  const length = Math.sqrt(energy(values)) || 1;
  return values.map((value) => value / length);
}

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
