/**
 * Where a unit lies in its layer, whichever way the layer is laid out.
 *
 * @typedef {{channel: number, row: number, column: number}} Place
 */

/**
 * @param {number[]} unit indices as the server counts them
 * @param {string} layout "CHW", "HWC" or "Z"
 * @returns {Place}
 */
export function placeOf(unit, layout) {
  if (unit.length < 3) return { channel: unit[0] ?? 0, row: 0, column: 0 };
  const [channel, row, column] = layout === "HWC" ? [unit[2], unit[0], unit[1]] : unit;
  return { channel, row, column };
}
