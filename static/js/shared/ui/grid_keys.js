/**
 * @typedef {{row: number, column: number}} Cell
 * @typedef {{key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} Key
 */

const FAR = 10;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * How far a key leads in a grid, as the ARIA practices have it: the arrows by a cell, with Shift by ten; Home and End by a whole
 * row, with Ctrl to the first and the last cell; Page up and Page down by ten rows. It may lead beyond the edge. null where the
 * key has no meaning in a grid, or another one in the browser.
 *
 * @param {Key} event
 * @param {[number, number]} size rows and columns
 * @returns {[number, number] | null} rows and columns
 */
export function gridStep({ key, shiftKey, ctrlKey, metaKey, altKey }, [rows, columns]) {
  if (altKey || metaKey) return null;
  if (key === "Home") return [ctrlKey ? -rows : 0, -columns];
  if (key === "End") return [ctrlKey ? rows : 0, columns];
  if (ctrlKey) return null;
  if (key === "PageUp") return [-FAR, 0];
  if (key === "PageDown") return [FAR, 0];
  const arrow = ARROWS[key];
  return arrow ? [arrow[0] * (shiftKey ? FAR : 1), arrow[1] * (shiftKey ? FAR : 1)] : null;
}

/**
 * The cell that a key leads to, within the grid.
 *
 * @param {Key} event
 * @param {Cell} from
 * @param {[number, number]} size rows and columns
 * @returns {Cell | null} null as gridStep
 */
export function gridCell(event, { row, column }, [rows, columns]) {
  const step = gridStep(event, [rows, columns]);
  if (!step) return null;
  const within = (/** @type {number} */ at, /** @type {number} */ count) => Math.min(Math.max(at, 0), count - 1);
  return { row: within(row + step[0], rows), column: within(column + step[1], columns) };
}

/**
 * The same for places that are counted through, row by row; the last row need not be full.
 *
 * @param {Key} event
 * @param {number} from
 * @param {number} columns
 * @param {number} count
 * @returns {number | null}
 */
export function gridPlace(event, from, columns, count) {
  const at = { row: Math.floor(from / columns), column: from % columns };
  const cell = gridCell(event, at, [Math.ceil(count / columns), columns]);
  return cell && Math.min(cell.row * columns + cell.column, count - 1);
}
