/**
 * The place of a unit among all values of its layer, row-major.
 *
 * @param {number[]} shape of the layer
 * @param {number[]} unit one index for each dimension
 * @returns {number}
 */
export function unitIndex(shape, unit) {
  return unit.reduce((index, at, dimension) => index * shape[dimension] + at, 0);
}
