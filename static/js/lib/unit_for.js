/**
 * The indices of a unit as the server counts them: the inverse of placeOf.
 *
 * @param {import("./place_of.js").Place} place
 * @param {string} layout "CHW", "HWC" or "Z"
 * @returns {number[]}
 */
export function unitFor({ channel, row, column }, layout) {
  if (layout === "CHW") return [channel, row, column];
  return layout === "HWC" ? [row, column, channel] : [channel];
}
