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

/**
 * The indices of a unit as the server counts them: the inverse of placeOf.
 *
 * @param {Place} place
 * @param {string} layout "CHW", "HWC" or "Z"
 * @returns {number[]}
 */
export function unitFor({ channel, row, column }, layout) {
  if (layout === "CHW") return [channel, row, column];
  return layout === "HWC" ? [row, column, channel] : [channel];
}

/**
 * Where a unit lies in its layer, whichever way the layer is laid out.
 *
 * @typedef {{channel: number, row: number, column: number}} Place
 */

/**
 * @param {number[]} unit indices as the server counts them
 * @param {string} layout "CHW", "HWC" or "Z"
 * @returns {Place}
 */
export function placeOf(unit, layout) {
  if (unit.length < 3) return { channel: unit[0] ?? 0, row: 0, column: 0 };
  const [channel, row, column] = layout === "HWC" ? [unit[2], unit[0], unit[1]] : unit;
  return { channel, row, column };
}
