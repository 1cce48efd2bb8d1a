/**
 * Where a unit's cell is.
 *
 * @param {import("../digits/flat/layout.js").Block} block
 * @param {number} index of the unit in its layer, row-major
 * @returns {{x: number, y: number, side: number}} left, top and side in CSS pixels
 */
export function unitSquare({ x, top, mapsPerRow, rows, columns, cell, gap }, index) {
  const map = Math.floor(index / (rows * columns));
  const row = Math.floor(index / columns) % rows;
  return {
    x: x + (map % mapsPerRow) * (columns * cell + gap) + (index % columns) * cell,
    y: top + Math.floor(map / mapsPerRow) * (rows * cell + gap) + row * cell,
    side: cell,
  };
}
