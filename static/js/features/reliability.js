/**
 * How often a network was right when it was so sure, on photographs that it had not learnt from, in equal bins of 0..1.
 *
 * @typedef {{count: number[], confidence: number[], right: number[]}} Reliability
 *
 * @typedef {{low: number, high: number, count: number, confidence: number, right: number}} Bin all but the count 0..1
 */

/** @param {Reliability} reliability @returns {Bin[]} */
export function binsOf({ count, confidence, right }) {
  const bins = count.length;
  return count.map((n, i) => ({
    low: i / bins,
    high: (i + 1) / bins,
    count: n,
    confidence: confidence[i],
    right: right[i],
  }));
}

/** The bin of a confidence; 1 lies in the last. @param {Bin[]} bins @param {number} confidence 0..1 */
export const binAt = (bins, confidence) => bins[Math.min(bins.length - 1, Math.floor(confidence * bins.length))];

/**
 * How far confidence and share right lie apart, on average over the photographs (expected calibration error, Guo and others,
 * 2017).
 *
 * @param {Bin[]} bins
 * @returns {number} 0..1
 */
export function calibrationError(bins) {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, { count, confidence, right }) => sum + count * Math.abs(right - confidence), 0) / all;
}
