import { gridCell } from "../../shared/ui/grid_keys.js";

/**
 * @typedef {object} Block where a layer's units are, in CSS pixels
 * @property {string} name
 * @property {number} x of its label and of its first map
 * @property {number} y of its label
 * @property {number} top of its first map
 * @property {number} width
 * @property {number} bottom
 * @property {boolean} hidden only its label is there
 * @property {number} maps
 * @property {number} mapsPerRow
 * @property {number} rows cells of a map
 * @property {number} columns
 * @property {number} cell side of a unit
 * @property {number} gap between maps
 * @property {number} units in all; the last row of a wrapped vector may be short
 * @typedef {{width: number, height: number, label: number, blocks: Block[]}} NetworkLayout label: height of a label
 * @typedef {{name: string, shape: number[]}} Shaped
 */

const CAPTION = 16;
const BETWEEN = 3;
const ASIDE = 28;

/**
 * Places every unit of every layer as a cell in its map, layers from top to bottom. Sides of cells are whole device
 * pixels. A layer of maps (C, H, W) is one row of maps where there is room, else several; a vector (N,) is wrapped, and
 * short vectors share a row.
 *
 * @param {Shaped[]} layers with the input first
 * @param {number} width room in CSS pixels
 * @param {{ratio?: number, hidden?: string[], label?: number}} [options] device pixels for each CSS pixel; layers to leave out;
 *   least height of a label
 * @returns {NetworkLayout}
 */
export function networkLayout2d(layers, width, { ratio = 1, hidden = [], label: least = 18 } = {}) {
  /** @type {Block[]} */
  const blocks = [];
  const label = Math.max(least, Math.min(Math.max(18, Math.round(width / 45)), 28)); // larger on a projector
  let y = 0;
  let aside = 0;
  for (const { name, shape } of layers) {
    const grid = shape.length === 3 ? mapGrid(shape, width, ratio) : vectorGrid(shape[0], width, ratio);
    const last = blocks[blocks.length - 1];
    const alike = last && last.units > 20 === grid.units > 20;
    const shares = alike && shape.length === 1 && aside > 0 && aside + ASIDE + grid.width <= width;
    const x = shares ? snap(aside + ASIDE, ratio) : 0;
    const labelTop = shares ? last.y : y;
    const top = snap(labelTop + label, ratio);
    const block = { name, x, y: labelTop, top, hidden: hidden.includes(name), ...grid, bottom: top };
    if (!block.hidden) block.bottom = top + gridHeight(grid) + (grid.units <= 10 ? CAPTION : 0);
    y = Math.max(shares ? y : 0, block.bottom + BETWEEN);
    aside = shape.length === 1 ? x + grid.width : 0;
    blocks.push(block);
  }
  return { width, height: Math.max(0, y - BETWEEN), label, blocks };
}

/**
 * @param {number[]} shape
 * @param {number} width
 * @param {number} ratio
 */
function mapGrid([maps, rows, columns], width, ratio) {
  const side = Math.max(56, width * 0.086);
  const gap = snap(maps > 12 ? 3 : 4, ratio);
  const least = width < 500 ? 1.5 : 2;
  let mapsPerRow = maps;
  for (let lines = 2; mapsPerRow > 1 && whole(fit(width, mapsPerRow, columns, gap), ratio) < least; lines++)
    mapsPerRow = Math.ceil(maps / lines);
  const cell = whole(Math.min(fit(width, mapsPerRow, columns, gap), side / columns), ratio);
  return {
    maps,
    mapsPerRow,
    rows,
    columns,
    cell,
    gap,
    units: maps * rows * columns,
    width: mapsPerRow * (columns * cell + gap) - gap,
  };
}

/**
 * @param {number} units
 * @param {number} width
 * @param {number} ratio
 */
function vectorGrid(units, width, ratio) {
  const size = units <= 20 ? Math.min(24, (width / units) * 0.98) : units <= 128 ? 6 : 5;
  const cell = whole(size, ratio);
  const most = Math.max(1, Math.floor(width / cell));
  const wanted = units <= 20 ? units : units <= 128 ? Math.min(50, most) : most;
  const columns = Math.min(units, wanted > 25 ? wanted - (wanted % 25) : wanted);
  const rows = Math.ceil(units / columns);
  return { maps: 1, mapsPerRow: 1, rows, columns, cell, gap: 0, units, width: columns * cell };
}

/** @param {number} width @param {number} maps @param {number} columns @param {number} gap */
const fit = (width, maps, columns, gap) => ((width + gap) / maps - gap) / columns;

/** Largest whole number of device pixels in `size`, one at least. @param {number} size @param {number} ratio */
const whole = (size, ratio) => Math.max(1, Math.floor(size * ratio + 1e-6)) / ratio;

/** @param {number} size @param {number} ratio */
const snap = (size, ratio) => Math.round(size * ratio) / ratio;

/** @param {{maps: number, mapsPerRow: number, rows: number, cell: number, gap: number}} grid */
function gridHeight({ maps, mapsPerRow, rows, cell, gap }) {
  return Math.ceil(maps / mapsPerRow) * (rows * cell + gap) - gap;
}

/**
 * Where a unit's cell is.
 *
 * @param {Block} block
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

/**
 * The unit whose cell is at a point.
 *
 * @param {NetworkLayout} layout
 * @param {number} x in CSS pixels
 * @param {number} y
 * @returns {{layer: string, index: number} | null} null between cells
 */
export function unitAt({ blocks }, x, y) {
  for (const block of blocks) {
    if (block.hidden || x < block.x || x >= block.x + block.width || y < block.top || y >= block.bottom) continue;
    const index = within(block, x - block.x, y - block.top);
    return index === null ? null : { layer: block.name, index };
  }
  return null;
}

/**
 * @param {Block} block
 * @param {number} right of the block's left
 * @param {number} down from its top
 */
function within(block, right, down) {
  const { mapsPerRow, rows, columns, cell, gap } = block;
  const [wide, tall] = [columns * cell + gap, rows * cell + gap];
  const [mapRow, mapColumn] = [Math.floor(down / tall), Math.floor(right / wide)];
  const row = Math.floor((down % tall) / cell);
  const column = Math.floor((right % wide) / cell);
  if (mapColumn >= mapsPerRow || column >= columns || row >= rows) return null;
  return indexAt(block, { row: mapRow * rows + row, column: mapColumn * columns + column });
}

/**
 * @param {Block} block
 * @param {Cell} cell in the grid of all its maps
 * @returns {number | null} null after the last map, and after the last unit of a short row
 */
function indexAt({ maps, mapsPerRow, rows, columns, units }, { row, column }) {
  const map = Math.floor(row / rows) * mapsPerRow + Math.floor(column / columns);
  const index = (map * rows + (row % rows)) * columns + (column % columns);
  return map < maps && index < units ? index : null;
}

/**
 * @typedef {{layer: string, index: number}} UnitPlace
 * @typedef {import("../../shared/ui/grid_keys.js").Cell} Cell
 */

/**
 * The unit that a key leads to: within the layer as in a grid of all its maps, over a gap into the next map; PageUp and
 * PageDown to the layer before or after, at about the same place.
 *
 * @param {NetworkLayout} layout
 * @param {UnitPlace} from
 * @param {import("../../shared/ui/grid_keys.js").Key} event
 * @returns {UnitPlace | null} null for other keys; the same unit where there is no further one
 */
export function stepUnit(layout, from, event) {
  const shown = layout.blocks.filter((block) => !block.hidden);
  const at = shown.findIndex((block) => block.name === from.layer);
  if (at < 0) return null;
  const block = shown[at];
  const { mapsPerRow, maps, rows, columns } = block;
  const size = /** @type {[number, number]} */ ([
    Math.ceil(maps / mapsPerRow) * rows,
    Math.min(maps, mapsPerRow) * columns,
  ]);
  const to = gridCell(event, cellOf(block, from.index), size);
  if (to && event.key.startsWith("Page"))
    return across(block, shown[at + (event.key === "PageUp" ? -1 : 1)] ?? block, from);
  if (!to) return null;
  for (let { row, column } = to; ; column--) {
    const index = indexAt(block, { row, column });
    if (index !== null) return { layer: block.name, index };
  }
}

/** @param {Block} block @param {number} index @returns {Cell} in the grid of all its maps */
function cellOf({ mapsPerRow, rows, columns }, index) {
  const map = Math.floor(index / (rows * columns));
  return {
    row: Math.floor(map / mapsPerRow) * rows + (Math.floor(index / columns) % rows),
    column: (map % mapsPerRow) * columns + (index % columns),
  };
}

/**
 * @param {Block} block
 * @param {Block} next
 * @param {UnitPlace} from
 */
function across(block, next, from) {
  return {
    layer: next.name,
    index: Math.min(next.units - 1, Math.floor(((from.index + 0.5) / block.units) * next.units)),
  };
}
