import { histogram, normals } from "../shared/statistics.js";

/** Four numbers of a code as a worked example has them. */
export const EXAMPLE = { mu: [0.1, 1.2, 0.2, 0.8], sigma: [0.2, 0.5, 0.8, 1.3], z: [0.28, 1.65, 0.92, 1.98] };

/**
 * The height of the bell curve N(mu, sigma²) at x: exp(−((x − mu) / sigma)² / 2) / (sigma √(2π)).
 *
 * @param {number} x
 * @param {number} mu
 * @param {number} sigma above 0
 */
export function density(x, mu, sigma) {
  return Math.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * Math.sqrt(2 * Math.PI));
}

/**
 * So many throws of the dice for each of some bells, the same for the same seed; more throws begin with the fewer.
 *
 * @param {number} seed
 * @param {number} count
 * @param {number} bells
 * @returns {number[][]} epsilon of each bell
 */
export function throwsOf(seed, count, bells) {
  const random = normals(seed);
  const all = Array.from({ length: bells }, () => /** @type {number[]} */ ([]));
  for (let i = 0; i < count; i++) for (const list of all) list.push(random());
  return all;
}

/**
 * A histogram whose bars have an area of 1 together, so that it can be laid over the bell curve.
 *
 * @typedef {{x: number, width: number, height: number}} Bar
 *
 * @param {number[]} points
 * @param {number} mu the middle of a bar
 * @param {number} sigma two bars are as wide
 * @param {number} reach bars from so many sigma below mu to as many above
 * @returns {Bar[]} those that hold a point
 */
export function barsOf(points, mu, sigma, reach = 6) {
  const width = sigma / 2;
  const bins = 4 * reach + 1;
  const low = mu - (bins / 2) * width;
  return histogram(points, bins, low, low + bins * width)
    .map((count, i) => ({ x: low + i * width, width, height: count / (points.length * width) }))
    .filter(({ height }) => height > 0);
}

/** @param {number[]} points @returns {{mean: number, spread: number}} and the standard deviation, of these points alone */
export function meanAndSpread(points) {
  const mean = points.reduce((sum, point) => sum + point, 0) / points.length;
  const variance = points.reduce((sum, point) => sum + (point - mean) ** 2, 0) / points.length;
  return { mean, spread: Math.sqrt(variance) };
}
