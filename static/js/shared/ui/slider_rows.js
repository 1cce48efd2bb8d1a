/**
 * @typedef {object} SliderRow
 * @property {number} index which number of the code
 * @property {number} low
 * @property {number} high
 * @property {number | null} kl nats that the number carries on average, null where there is no such figure
 * @property {boolean} unused whether it carries next to nothing
 */

const UNUSED_NATS = 0.05;

/** How far from zero a number of a code may be set. */
export const LARGEST = 1000;

/**
 * One slider for each number of a code: the most telling first where that is known, each with the range in which codes lie.
 *
 * @param {{z: number, mean: number[], std: number[], low: number[], high: number[], kl?: number[], kind: string}} space
 * @param {"prior" | "data"} range three standard deviations of N(0, 1), or from the lowest to the highest code
 * @returns {SliderRow[]}
 */
export function sliderRows({ z, std, low, high, kl, kind }, range) {
  const rows = Array.from({ length: z }, (_, index) => ({
    index,
    low: range === "prior" ? -3 : Math.floor(low[index]),
    high: range === "prior" ? 3 : Math.ceil(high[index]),
    kl: kl ? kl[index] : null,
    unused: kl ? kl[index] < UNUSED_NATS : false,
  }));
  const weight = (/** @type {SliderRow} */ { index }) => (kl ? kl[index] : kind === "autoencoder" ? std[index] : 0);
  return z > 2 ? rows.sort((a, b) => weight(b) - weight(a) || a.index - b.index) : rows;
}
