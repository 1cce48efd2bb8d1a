/**
 * @typedef {object} KernelPreset
 * @property {string} name
 * @property {string} group
 * @property {number[][]} kernel
 * @property {number} divisor
 * @property {boolean} signed whether its answers have both signs, so that grey alone would hide half of them
 */

/** @param {string} group @param {string} name @param {number[][]} kernel @param {number} [divisor] */
const preset = (group, name, kernel, divisor = 1) => {
  const total = kernel.flat().reduce((sum, weight) => sum + weight, 0);
  return { group, name, kernel, divisor, signed: total === 0 };
};

/** @param {number} side @returns {number[][]} */
const ones = (side) => Array.from({ length: side }, () => Array(side).fill(1));

/** Binomial coefficients, which grow into a Gaussian. @param {number[]} row */
const binomial = (row) => row.map((a) => row.map((b) => a * b));

/** @param {number} side @param {(row: number, column: number) => boolean} on @returns {number[][]} */
const line = (side, on) => ones(side).map((weights, row) => weights.map((_, column) => (on(row, column) ? 1 : 0)));

/** @param {number[][]} kernel @returns {number[][]} */
const turned = (kernel) => kernel[0].map((_, column) => kernel.map((weights) => weights[column]));

/** @param {number[][]} kernel @returns {number[][]} */
const negative = (kernel) => kernel.map((weights) => weights.map((weight) => 0 - weight));

const SOBEL = [
  [1, 0, -1],
  [2, 0, -2],
  [1, 0, -1],
];
const PREWITT = [
  [1, 0, -1],
  [1, 0, -1],
  [1, 0, -1],
];
const SCHARR = [
  [3, 0, -3],
  [10, 0, -10],
  [3, 0, -3],
];

/** @type {KernelPreset[]} */
export const kernelPresets = [
  preset("sharpness", "identity", [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ]),
  preset("sharpness", "sharpen", [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ]),
  preset("sharpness", "emboss", [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ]),
  preset(
    "blur",
    "blur",
    [
      [1, 2, 1],
      [2, 4, 2],
      [1, 2, 1],
    ],
    16,
  ),
  preset("blur", "gaussian-5", binomial([1, 4, 6, 4, 1]), 256),
  preset("blur", "gaussian-7", binomial([1, 6, 15, 20, 15, 6, 1]), 4096),
  preset("blur", "box-3", ones(3), 9),
  preset("blur", "box-5", ones(5), 25),
  preset("blur", "box-7", ones(7), 49),
  preset(
    "blur",
    "motion-5",
    line(5, (row, column) => row === column),
    5,
  ),
  preset(
    "blur",
    "motion-7",
    line(7, (row) => row === 3),
    7,
  ),
  preset("edges", "outline", [
    [-1, -1, -1],
    [-1, 8, -1],
    [-1, -1, -1],
  ]),
  preset("edges", "laplacian", [
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ]),
  preset("edges", "left-sobel", SOBEL),
  preset("edges", "right-sobel", negative(SOBEL)),
  preset("edges", "top-sobel", turned(SOBEL)),
  preset("edges", "bottom-sobel", negative(turned(SOBEL))),
  preset("edges", "prewitt-vertical", PREWITT),
  preset("edges", "prewitt-horizontal", turned(PREWITT)),
  preset("edges", "scharr-vertical", SCHARR),
  preset("edges", "scharr-horizontal", turned(SCHARR)),
  preset("edges", "top-edge", [
    [-1, -1, -1],
    [1, 1, 1],
    [0, 0, 0],
  ]),
  preset("edges", "bottom-edge", [
    [0, 0, 0],
    [1, 1, 1],
    [-1, -1, -1],
  ]),
  preset(
    "edges",
    "left-edge",
    turned([
      [-1, -1, -1],
      [1, 1, 1],
      [0, 0, 0],
    ]),
  ),
  preset(
    "edges",
    "right-edge",
    turned([
      [0, 0, 0],
      [1, 1, 1],
      [-1, -1, -1],
    ]),
  ),
];

/**
 * A kernel turned by half a turn: cross-correlation with it is convolution as mathematics defines it.
 *
 * @param {number[][]} slice
 * @returns {number[][]}
 */
export function flipKernel(slice) {
  return slice.map((weights) => weights.toReversed()).toReversed();
}

/**
 * A slice with another height and width: what fits stays in the middle, new weights are zero.
 *
 * @param {number[][]} slice
 * @param {number} height
 * @param {number} width
 * @returns {number[][]}
 */
export function resizeKernel(slice, height, width) {
  const down = Math.floor((height - slice.length) / 2);
  const right = Math.floor((width - slice[0].length) / 2);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => slice[row - down]?.[column - right] ?? 0),
  );
}
