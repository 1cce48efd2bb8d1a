/**
 * Where every unit of a network stands in space, from the layers' shapes alone.
 *
 * x runs to the right, y up, z towards the viewer. Layers rise like the rows of a theatre, the first at the front, so that
 * none hides another from the front or from above. The maps of a layer lie side by side, their first row at the back. A
 * vector is one row of units, folded where it is too long.
 *
 * @typedef {object} LayerPlace
 * @property {string} name
 * @property {number[]} shape
 * @property {number} start number of its first unit among all units
 * @property {number} count
 * @property {number} edge length of a unit's side
 * @property {number} rows of a map
 * @property {number} columns of a map
 * @property {number} maps
 * @property {number} mapsInRow
 * @property {number} gap between maps
 * @property {number} width
 * @property {number} depth
 * @property {number} y height of the layer's floor
 * @property {number} z of the layer's middle
 * @property {number} thickness of a unit whose value is zero
 * @property {number} relief what the largest value adds to the thickness
 *
 * @typedef {object} NetworkLayout
 * @property {LayerPlace[]} layers
 * @property {number} count of all units
 */

const GAP = 3;
const STEP_BACK = 3;
const STEP_UP = 3;
const FEW = 32;

/**
 * @param {{name: string, shape: number[]}[]} layers in order; shapes without the batch: (C, H, W), (H, W) or (N)
 * @param {number} [width] how long a row of maps may become, in units of the largest map
 * @returns {NetworkLayout}
 */
export function networkLayout3d(layers, width = 330) {
  const largest = Math.max(1, ...layers.map(({ shape }) => (shape.length > 1 ? shape[shape.length - 2] : 1)));
  /** @type {LayerPlace[]} */
  const places = [];
  for (const { name, shape } of layers) {
    const plane = shape.length > 1 ? mapsOf(shape, width, largest) : vectorOf(shape[0], width);
    const below = places[places.length - 1];
    const start = below ? below.start + below.count : 0;
    places.push({
      name,
      shape,
      start,
      count: shape.reduce((a, b) => a * b, 1),
      ...plane,
      ...(below ? behind(below, plane) : { y: 0, z: 0 }),
    });
  }
  return { layers: places, count: places.reduce((sum, { count }) => sum + count, 0) };
}

/** @typedef {Omit<LayerPlace, "name" | "shape" | "start" | "count" | "y" | "z">} Plane */

/**
 * @param {number[]} shape
 * @param {number} width
 * @param {number} largest rows of the network's largest map: smaller ones get larger units, but stay smaller
 * @returns {Plane}
 */
function mapsOf(shape, width, largest) {
  const [rows, columns] = shape.slice(-2);
  const edge = (largest / rows) ** 0.25;
  return planeOf({ rows, columns, edge, maps: shape.length > 2 ? shape[0] : 1, relief: 0.5 * edge, gap: GAP }, width);
}

/**
 * Few units stand apart, as bars; many in one row, or in several where they are too many.
 *
 * @param {number} count
 * @param {number} width
 * @returns {Plane}
 */
function vectorOf(count, width) {
  const edge = Math.min(Math.max((0.65 * width) / count, 1), 8);
  if (count <= FEW)
    return planeOf({ rows: 1, columns: 1, edge, maps: count, relief: 0.75 * edge, gap: edge / 3 }, width);
  const rows = Math.ceil((count * edge) / width);
  return planeOf(
    { rows, columns: Math.ceil(count / rows), edge, maps: 1, relief: (rows > 1 ? 0.5 : 2) * edge, gap: 0 },
    width,
  );
}

/**
 * @param {Pick<LayerPlace, "rows" | "columns" | "edge" | "maps" | "relief" | "gap">} plane
 * @param {number} width
 * @returns {Plane}
 */
function planeOf(plane, width) {
  const { rows, columns, edge, maps, gap } = plane;
  const most = Math.max(1, Math.floor((width + gap) / (columns * edge + gap)));
  const rowsOfMaps = Math.ceil(maps / most);
  const mapsInRow = Math.ceil(maps / rowsOfMaps);
  return {
    ...plane,
    mapsInRow,
    width: mapsInRow * (columns * edge + gap) - gap,
    depth: rowsOfMaps * (rows * edge + gap) - gap,
    thickness: 0.5 * edge,
  };
}

/**
 * The place of the next layer: behind the one before and higher.
 *
 * @param {LayerPlace} before
 * @param {Plane} plane
 */
function behind(before, plane) {
  return {
    y: before.y + before.thickness + before.relief + plane.relief + 0.4 * plane.edge + STEP_UP,
    z: before.z - (before.depth + plane.depth) / 2 - STEP_BACK,
  };
}

/**
 * The box of every unit: its value adds to its height, upwards where it is positive, downwards where it is negative.
 *
 * @param {NetworkLayout} layout
 * @param {(layer: LayerPlace) => {data: ArrayLike<number>, high: number} | null} valuesOf
 *   a layer's values and the one that stands tallest; null where there are none
 * @param {Float32Array<ArrayBuffer>} [boxes] where to write; a new array if left out
 * @returns {Float32Array<ArrayBuffer>} six numbers for each unit: the smallest x, y, z and the largest x, y, z
 */
export function unitBoxes(layout, valuesOf, boxes = new Float32Array(layout.count * 6)) {
  for (const layer of layout.layers) {
    const values = valuesOf(layer);
    const scale = values && values.high > 0 ? layer.relief / values.high : 0;
    const pitchX = layer.columns * layer.edge + layer.gap;
    const pitchZ = layer.rows * layer.edge + layer.gap;
    const inMap = layer.rows * layer.columns;
    for (let i = 0, to = layer.start * 6; i < layer.count; i++, to += 6) {
      const map = Math.floor(i / inMap);
      const row = Math.floor((i % inMap) / layer.columns);
      const x = (map % layer.mapsInRow) * pitchX + (i % layer.columns) * layer.edge - layer.width / 2;
      const z = Math.floor(map / layer.mapsInRow) * pitchZ + row * layer.edge + layer.z - layer.depth / 2;
      const rise = values ? Math.min(Math.max(values.data[i] * scale, -layer.relief), layer.relief) : 0;
      boxes[to] = x;
      boxes[to + 1] = layer.y + Math.min(rise, 0);
      boxes[to + 2] = z;
      boxes[to + 3] = x + layer.edge;
      boxes[to + 4] = layer.y + layer.thickness + Math.max(rise, 0);
      boxes[to + 5] = z + layer.edge;
    }
  }
  return boxes;
}

/**
 * Which sides of each unit's box can be seen, since no neighbour in its map is as high and as low.
 *
 * @param {NetworkLayout} layout
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

/**
 * Moves labels along a line so that none overlap, in the order of the places they want, and the squares of the moves
 * are the least (isotonic regression by pooling neighbours).
 *
 * @param {number[]} wanted their middles
 * @param {number} size room that each needs
 * @param {number} low where the first may begin, as far as there is room for all
 * @param {number} high where the last may end
 * @returns {number[]} their middles, in the order given
 */
export function spreadLabels(wanted, size, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  /** @type {{sum: number, members: number[]}[]} */
  const pools = [];
  order.forEach((label, rank) => {
    let pool = { sum: wanted[label] - rank * size, members: [label] };
    while (pools.length && mean(pools[pools.length - 1]) > mean(pool)) {
      const before = /** @type {typeof pool} */ (pools.pop());
      pool = { sum: before.sum + pool.sum, members: [...before.members, ...pool.members] };
    }
    pools.push(pool);
  });
  const last = high - size * (wanted.length - 0.5);
  const places = wanted.slice();
  let rank = 0;
  for (const pool of pools) {
    const start = Math.max(Math.min(mean(pool), last), low + size / 2);
    for (const label of pool.members) places[label] = start + rank++ * size;
  }
  return places;
}

/** @param {{sum: number, members: number[]}} pool */
function mean({ sum, members }) {
  return sum / members.length;
}
