/**
 * Which sides of each unit's box can be seen, since no neighbour in its map is as high and as low.
 *
 * @param {import("../digits/space/layout.js").NetworkLayout} layout
 * @param {ArrayLike<number>} boxes as unitBoxes makes them
 * @param {Uint8Array} [sides] where to write; a new array if left out
 * @param {number} [stride] from one unit's number to the next one's
 * @param {number} [offset] of the first unit's number
 * @returns {Uint8Array} for each unit the sum of 1 for its left side (-x), 2 right (+x), 4 back (-z) and 8 front (+z)
 */
export function exposedSides(layout, boxes, sides = new Uint8Array(layout.count), stride = 1, offset = 0) {
  for (const { start, count, rows, columns } of layout.layers) {
    for (let i = 0; i < count; i++) {
      const unit = start + i;
      const column = i % columns;
      const row = Math.floor(i / columns) % rows;
      const covers = (/** @type {boolean} */ inMap, /** @type {number} */ step) =>
        inMap && i + step < count && isCovered(boxes, unit, unit + step);
      sides[offset + stride * unit] =
        (covers(column > 0, -1) ? 0 : 1) +
        (covers(column < columns - 1, 1) ? 0 : 2) +
        (covers(row > 0, -columns) ? 0 : 4) +
        (covers(row < rows - 1, columns) ? 0 : 8);
    }
  }
  return sides;
}

/** @param {ArrayLike<number>} boxes @param {number} unit @param {number} neighbour */
function isCovered(boxes, unit, neighbour) {
  return boxes[6 * neighbour + 4] >= boxes[6 * unit + 4] && boxes[6 * neighbour + 1] <= boxes[6 * unit + 1];
}
