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
