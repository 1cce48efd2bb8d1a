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
const BETWEEN = 5;
const ASIDE = 28;

/**
 * Places every unit of every layer as a cell in its map, layers from top to bottom. Sides of cells are whole device
 * pixels. A layer of maps (C, H, W) is one row of maps where there is room, else several; a vector (N,) is wrapped, and
 * short vectors share a row.
 *
 * @param {Shaped[]} layers with the input first
 * @param {number} width room in CSS pixels
 * @param {{ratio?: number, hidden?: string[]}} [options] device pixels for each CSS pixel; layers to leave out
 * @returns {NetworkLayout}
 */
export function networkLayout2d(layers, width, { ratio = 1, hidden = [] } = {}) {
  /** @type {Block[]} */
  const blocks = [];
  const label = Math.min(Math.max(18, Math.round(width / 45)), 28); // larger on a projector
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
