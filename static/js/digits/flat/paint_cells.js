/**
 * @typedef {{data: Uint32Array, width: number, height: number}} Pixels of a canvas, row by row
 * @typedef {{k: number, x: number, y: number}} Transform scale, then move, in CSS pixels
 */

/**
 * Fills the cells of a block with their colours. Edges lie on whole device pixels at every scale, so that no cell is
 * smoothed.
 *
 * @param {Pixels} pixels
 * @param {import("./layout.js").Block} block
 * @param {Uint32Array} colours one for each unit
 * @param {Transform} transform
 * @param {number} ratio device pixels for each CSS pixel
 */
export function paintCells(pixels, block, colours, transform, ratio) {
  const { maps, mapsPerRow, rows, columns, cell, gap } = block;
  const size = rows * columns;
  for (let map = 0; map < maps; map++) {
    const left = block.x + (map % mapsPerRow) * (columns * cell + gap);
    const top = block.top + Math.floor(map / mapsPerRow) * (rows * cell + gap);
    const across = edges(left, cell, columns, transform.k, transform.x, ratio, pixels.width);
    const down = edges(top, cell, rows, transform.k, transform.y, ratio, pixels.height);
    if (across[0] === across[columns] || down[0] === down[rows]) continue;
    for (let row = 0; row < rows; row++) {
      if (down[row] < down[row + 1])
        band(pixels, across, down[row], down[row + 1], colours, map * size + row * columns, block.units);
    }
  }
}

/**
 * One row of cells: its first line of pixels is filled cell by cell, the others copied.
 *
 * @param {Pixels} pixels
 * @param {Int32Array} across
 * @param {number} top
 * @param {number} bottom
 * @param {Uint32Array} colours
 * @param {number} first
 * @param {number} units
 */
function band({ data, width }, across, top, bottom, colours, first, units) {
  const columns = Math.min(across.length - 1, units - first);
  const start = top * width;
  for (let column = 0; column < columns; column++) {
    const colour = colours[first + column];
    for (let x = across[column]; x < across[column + 1]; x++) data[start + x] = colour;
  }
  for (let y = top + 1; y < bottom; y++)
    data.copyWithin(y * width + across[0], start + across[0], start + across[columns]);
}

/**
 * Where cells begin and end along one axis, in device pixels, cut off at the canvas.
 *
 * @param {number} from
 * @param {number} cell
 * @param {number} count
 * @param {number} k
 * @param {number} move
 * @param {number} ratio
 * @param {number} most
 */
function edges(from, cell, count, k, move, ratio, most) {
  const found = new Int32Array(count + 1);
  for (let i = 0; i <= count; i++) {
    const edge = Math.round((k * (from + i * cell) + move) * ratio);
    found[i] = edge < 0 ? 0 : edge > most ? most : edge;
  }
  return found;
}
