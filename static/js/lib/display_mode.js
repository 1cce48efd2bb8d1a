import { valueRange } from "./value_range.js";

/**
 * How values become brightness: from `low` (black) to `high` (white), by size alone if `absolute`; what lies outside is
 * clamped. In a `coloured` mode a colour map takes the place of grey.
 *
 * @typedef {"clamp" | "absolute" | "middle" | "signed" | "rescaled"} DisplayName
 * @typedef {{low: number, high: number, absolute: boolean, coloured: boolean}} DisplayMode
 */

/**
 * @param {DisplayName} name
 * @param {ArrayLike<number>} values
 * @param {number} full the value of white in the input, 255 or 1
 * @returns {DisplayMode}
 */
export function displayMode(name, values, full) {
  const mode = { absolute: name === "absolute", coloured: name === "signed" };
  if (name === "middle") return { ...mode, low: -full, high: full };
  if (name === "signed") return { ...mode, ...ends(valueRange(values)) };
  if (name === "rescaled") return { ...mode, ...extremes(values) };
  return { ...mode, low: 0, high: full };
}

/** @param {import("./value_range.js").ValueRange} range */
const ends = ({ low, high }) => ({ low, high: high > low ? high : low + 1 });

/** @param {ArrayLike<number>} values */
function extremes(values) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return ends({ low, high, signed: false, clipped: false, constant: false });
}
