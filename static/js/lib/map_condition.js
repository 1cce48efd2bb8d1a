/**
 * What state a map is in, for one picture.
 *
 * @typedef {object} MapCondition
 * @property {"dead" | "constant" | "saturated" | "sparse" | "alive"} kind dead: only zeros; saturated: half of it or more sits
 *   at its upper end, as where a function has a ceiling; sparse: nine tenths are zeros
 * @property {number} zeros share of values that are exactly 0, 0..1
 * @property {number} atTop share of values that are exactly the largest
 * @property {number} low
 * @property {number} high
 * @property {number} mean
 */

/**
 * @param {ArrayLike<number>} values
 * @returns {MapCondition}
 */
export function mapCondition(values) {
  let [low, high, sum, zeros, top] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    sum += value;
    if (value === 0) zeros++;
    if (value < low) low = value;
    if (value > high) [high, top] = [value, 0];
    if (value === high) top++;
  }
  const count = values.length;
  const facts = { zeros: zeros / count, atTop: top / count, low, high, mean: sum / count };
  if (low === high) return { ...facts, kind: high === 0 ? "dead" : "constant" };
  if (high > 0 && top * 2 >= count) return { ...facts, kind: "saturated" };
  return { ...facts, kind: zeros >= 0.9 * count ? "sparse" : "alive" };
}
