/**
 * Where maps lie on a sheet: each enlarged by a whole factor so that its pixels stay squares, in rows.
 *
 * @typedef {object} SheetPlan
 * @property {number} factor pixels for each value
 * @property {number} across maps in a row
 * @property {number} width of the sheet, in pixels
 * @property {number} height
 * @property {(place: number) => {x: number, y: number}} at where a map begins, counted from 0
 */

/**
 * @param {number} count maps
 * @param {number} rows of each
 * @param {number} columns of each
 * @param {number} most pixels of the sheet's width, as far as maps of a pixel for each value allow
 * @param {number} [gap] pixels between maps
 * @returns {SheetPlan}
 */
export function sheetPlan(count, rows, columns, most, gap = 2) {
  const across = Math.max(
    1,
    Math.min(count, Math.ceil(Math.sqrt((count * rows) / columns)), Math.floor((most + gap) / (columns + gap))),
  );
  const factor = Math.max(1, Math.floor(((most + gap) / across - gap) / columns));
  const [wide, tall] = [columns * factor + gap, rows * factor + gap];
  return {
    factor,
    across,
    width: across * wide - gap,
    height: Math.ceil(count / across) * tall - gap,
    at: (place) => ({ x: (place % across) * wide, y: Math.floor(place / across) * tall }),
  };
}
