/**
 * How fast pictures change across each cell of a grid: the mean over its four edges of the distance between the pictures
 * at their ends (root of the summed squared differences), divided by the edge's length.
 *
 * @param {Float32Array} pictures (rows * columns, D), one for each corner of the cells
 * @param {number} rows
 * @param {number} columns
 * @param {{x: number, y: number}} step lengths of the edges
 * @returns {Float32Array} ((rows - 1) * (columns - 1),)
 */
export function cellChanges(pictures, rows, columns, step) {
  const width = pictures.length / (rows * columns);
  const across = (/** @type {number} */ at) => distance(pictures, at, at + 1, width) / step.x;
  const down = (/** @type {number} */ at) => distance(pictures, at, at + columns, width) / step.y;
  return new Float32Array((rows - 1) * (columns - 1)).map((_, cell) => {
    const corner = Math.floor(cell / (columns - 1)) * columns + (cell % (columns - 1));
    return (across(corner) + across(corner + columns) + down(corner) + down(corner + 1)) / 4;
  });
}

/** @param {Float32Array} pictures @param {number} one @param {number} other @param {number} width */
function distance(pictures, one, other, width) {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (pictures[one * width + i] - pictures[other * width + i]) ** 2;
  return Math.sqrt(sum);
}
