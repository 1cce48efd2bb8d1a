/**
 * The unit at a place among all values of its layer, row-major: the inverse of unitIndex.
 *
 * @param {number[]} shape of the layer
 * @param {number} index
 * @returns {number[]} one index for each dimension
 */
export function unitOf(shape, index) {
  const unit = [];
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    unit.unshift(index % shape[dimension]);
    index = Math.floor(index / shape[dimension]);
  }
  return unit;
}
