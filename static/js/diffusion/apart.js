import { squaredError } from "../shared/losses.js";

/** How far two pictures are apart: the root of the mean squared difference of their pixels, 0 to 1. @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
export const apart = (one, other) => Math.sqrt(squaredError(one, other));

/**
 * How far pictures are apart from each other: the mean over all pairs.
 *
 * @param {Float32Array} pictures N times `size` values
 * @param {number} [size]
 */
export function variety(pictures, size = 784) {
  const count = pictures.length / size;
  const one = (/** @type {number} */ index) => pictures.subarray(index * size, (index + 1) * size);
  let sum = 0;
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) sum += apart(one(i), one(j));
  return count > 1 ? sum / ((count * (count - 1)) / 2) : 0;
}

/**
 * The spread of values about their mean, as noise has it: 1 for noise from N(0, I).
 *
 * @param {ArrayLike<number>} values
 */
export function spread(values) {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
}
