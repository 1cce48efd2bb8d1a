/** @typedef {import("./server.js").Layer} Layer */

/**
 * What a layer gives, as a block: as long as it has maps, as high and as deep as these are.
 *
 * @typedef {{name: string, operation: string, options: Layer["options"], shape: number[], channels: number, rows: number, columns: number, count: number}} Cube
 */

/**
 * The layers that change the size, on the way from the picture to the answer; of several inputs the first is followed.
 *
 * @param {Layer[]} layers in order, the picture first
 * @returns {Cube[]}
 */
export function cubesOf(layers) {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  /** @type {Layer[]} */
  const way = [];
  for (let at = layers.at(-1); at && !way.includes(at); at = byName.get(at.inputs[0])) way.unshift(at);
  const cubes = way.map(cubeOf);
  return cubes.filter((cube, i) => i === 0 || !sameSize(cube, cubes[i - 1]));
}

/** @param {Layer} layer @returns {Cube} */
function cubeOf({ name, operation, options, shape, layout }) {
  const count = shape.reduce((product, side) => product * side, 1);
  const spatial = shape.length === 3 && (layout === "CHW" || layout === "HWC");
  const [channels, rows, columns] = spatial
    ? layout === "CHW"
      ? shape
      : [shape[2], shape[0], shape[1]]
    : [count, 1, 1];
  return { name, operation, options, shape, channels, rows, columns, count };
}

/** @param {Cube} one @param {Cube} other */
const sameSize = (one, other) =>
  one.channels === other.channels && one.rows === other.rows && one.columns === other.columns;

/** How the depth of a block is drawn: so far to the right and up for each pixel. */
const ACROSS = 0.5;
const UP = 0.35;
/** No block is drawn longer: it is cut there. */
export const LONGEST = 512;

/**
 * The three faces of a block that are seen, in its own units: one for each map, row and column.
 *
 * @param {Pick<Cube, "channels" | "rows" | "columns">} cube
 * @returns {{width: number, height: number, cut: boolean, front: number[][], top: number[][], side: number[][]}} corners (x, y)
 */
export function facesOf({ channels, rows, columns }) {
  const cut = channels > LONGEST;
  const long = Math.min(channels, LONGEST);
  const [x, y] = [ACROSS * columns, UP * columns];
  const [top, bottom] = [y, y + rows];
  return {
    width: long + x,
    height: rows + y,
    cut,
    front: [
      [0, top],
      [long, top],
      [long, bottom],
      [0, bottom],
    ],
    top: [
      [0, top],
      [x, 0],
      [long + x, 0],
      [long, top],
    ],
    side: [
      [long, top],
      [long + x, 0],
      [long + x, rows],
      [long, bottom],
    ],
  };
}
