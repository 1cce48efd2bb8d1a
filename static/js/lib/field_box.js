/**
 * @typedef {object} ReceptiveField
 * @property {number[]} size rows and columns, in pixels of the network's input
 * @property {number[]} stride
 * @property {number[]} start first row and column that unit (0, 0) reads
 * @property {boolean} whole whether every unit reads the whole input
 */

/**
 * The pixels that a unit reads, cut at the edges of the picture.
 *
 * @param {ReceptiveField | null} field
 * @param {number} row
 * @param {number} column
 * @param {number} side of the network's input
 * @returns {{top: number, left: number, bottom: number, right: number}} bottom and right outside
 */
export function fieldBox(field, row, column, side) {
  if (!field || field.whole) return { top: 0, left: 0, bottom: side, right: side };
  const top = field.start[0] + field.stride[0] * row;
  const left = field.start[1] + field.stride[1] * column;
  const inside = (/** @type {number} */ at) => Math.min(Math.max(at, 0), side);
  return {
    top: inside(top),
    left: inside(left),
    bottom: inside(top + field.size[0]),
    right: inside(left + field.size[1]),
  };
}
