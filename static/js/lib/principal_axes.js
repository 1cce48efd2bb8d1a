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
