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
 * How a layer lies: what its axes mean. "TC" and "CT" are tokens by channels; `grid` says of tokens that come from patches of
 * a picture how many stand before those, and how many rows and columns of patches there are.
 *
 * @typedef {{layout: string, shape: number[], grid?: number[] | null}} Lie
 *
 * Where a unit lies in its layer, whichever way the layer is laid out.
 *
 * @typedef {{channel: number, row: number, column: number}} Place
 */

/**
 * How many maps a layer is drawn as, and how large they are. A vector is maps of one pixel, tokens are strips or, where they
 * come from patches, maps, with the tokens before those in a row of their own; of more axes the last two are a map.
 *
 * @param {Lie} lie
 * @returns {{channels: number, rows: number, columns: number}}
 */
export function mapsOf({ layout, shape, grid }) {
  if (shape.length < 2) return { channels: shape[0] ?? 1, rows: 1, columns: 1 };
  if (shape.length === 2) {
    const [channels, tokens] = layout === "CT" ? shape : [shape[1], shape[0]];
    if (!grid) return { channels, rows: 1, columns: tokens };
    return { channels, rows: grid[1] + Math.ceil(grid[0] / grid[2]), columns: grid[2] };
  }
  if (layout === "HWC") return { channels: shape[2], rows: shape[0], columns: shape[1] };
  const [rows, columns] = shape.slice(-2);
  return { channels: shape.slice(0, -2).reduce((product, side) => product * side, 1), rows, columns };
}

/**
 * The indices of a unit as the server counts them, as many as the layer has axes: the inverse of placeOf. A place in the row
 * of tokens that stand for no patch which none has is the last one's.
 *
 * @param {Place} place
 * @param {Lie} lie
 * @returns {number[]}
 */
export function unitFor({ channel, row, column }, lie) {
  const { layout, shape } = lie;
  if (shape.length < 2) return shape.map(() => channel);
  if (shape.length === 2) {
    const token = tokenAt(row, column, lie);
    return layout === "CT" ? [channel, token] : [token, channel];
  }
  if (layout === "HWC") return [row, column, channel];
  return [...unitOf(shape.slice(0, -2), channel), row, column];
}

/** @param {number} row @param {number} column @param {Lie} lie */
function tokenAt(row, column, { grid }) {
  if (!grid) return column;
  const [before, , columns] = grid;
  const above = Math.ceil(before / columns);
  return row < above ? Math.min(row * columns + column, before - 1) : before + (row - above) * columns + column;
}

/**
 * @param {number[]} unit indices as the server counts them
 * @param {Lie} lie
 * @returns {Place}
 */
export function placeOf(unit, { layout, shape, grid }) {
  if (shape.length < 2) return { channel: unit[0] ?? 0, row: 0, column: 0 };
  if (shape.length === 2) {
    const [channel, token] = layout === "CT" ? unit : [unit[1], unit[0]];
    if (!grid) return { channel, row: 0, column: token };
    const [before, , columns] = grid;
    const at = token < before ? token : token - before + Math.ceil(before / columns) * columns;
    return { channel, row: Math.floor(at / columns), column: at % columns };
  }
  if (layout === "HWC") return { channel: unit[2], row: unit[0], column: unit[1] };
  const [row, column] = unit.slice(-2);
  return { channel: unitIndex(shape.slice(0, -2), unit.slice(0, -2)), row, column };
}
