import { outputSize } from "./window.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * @typedef {{weight: number, at: number}} Tap
 * @typedef {{stride?: number, dilation?: number, divisor?: number, bias?: number}} ConvolveOptions
 */

/**
 * Cross-correlation, what networks call convolution: y[o, i, j] = bias + sum over c, u, v of
 * kernel[o][c][u][v] x[c, i stride + u dilation, j stride + v dilation] / divisor.
 *
 * A kernel of one slice goes over every channel by itself (C outputs); one of C slices adds up over the channels.
 *
 * @param {Tensor} input (C, H, W), padded already
 * @param {number[][][][]} kernels (O, 1 or C, height, width)
 * @param {ConvolveOptions} [options]
 * @returns {Tensor & {data: Float32Array<ArrayBuffer>}} (O or C, H', W')
 */
export function convolve(input, kernels, { stride = 1, dilation = 1, divisor = 1, bias = 0 } = {}) {
  const [channels, height, width] = input.shape;
  const [, slices, tall, wide] = shapeOf(kernels);
  const rows = outputSize({ size: height, kernel: tall, stride, dilation });
  const columns = outputSize({ size: width, kernel: wide, stride, dilation });
  const each = slices === 1 && channels > 1;
  const plane = rows * columns;
  const data = new Float32Array((each ? channels : kernels.length) * plane);
  const geometry = { width, rows, columns, stride };
  for (let o = 0; o < data.length / plane; o++) {
    const sum = data.subarray(o * plane, (o + 1) * plane);
    const taps = tapsOf(kernels[each ? 0 : o], each ? o : 0, { height, width, dilation });
    for (let first = 0; first < taps.length; first += 5)
      accumulate(sum, input.data, taps.slice(first, first + 5), geometry);
    if (divisor !== 1 || bias !== 0) for (let i = 0; i < plane; i++) sum[i] = sum[i] / divisor + bias;
  }
  return { shape: [data.length / plane, rows, columns], data };
}

/** @param {number[][][][]} kernels */
const shapeOf = (kernels) => [kernels.length, kernels[0].length, kernels[0][0].length, kernels[0][0][0].length];

/**
 * The weights that are not zero, each with its place relative to the window's first value: the others cost nothing.
 *
 * @param {number[][][]} slices
 * @param {number} channel of the first slice
 * @param {{height: number, width: number, dilation: number}} geometry
 * @returns {Tap[]}
 */
function tapsOf(slices, channel, { height, width, dilation }) {
  const taps = slices.flatMap((slice, c) =>
    slice.flatMap((weights, u) =>
      weights.map((weight, v) => {
        return { weight, at: ((channel + c) * height + u * dilation) * width + v * dilation };
      }),
    ),
  );
  return taps.filter(({ weight }) => weight !== 0);
}

/**
 * Adds the products of at most five weights.
 *
 * @param {Float32Array} sum (rows, columns)
 * @param {ArrayLike<number>} values
 * @param {Tap[]} taps
 * @param {{width: number, rows: number, columns: number, stride: number}} geometry
 */
function accumulate(sum, values, taps, { width, rows, columns, stride }) {
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((i) => taps[i] ?? { weight: 0, at: taps[0].at });
  for (let row = 0; row < rows; row++) {
    const from = row * stride * width;
    addRow(
      sum,
      row * columns,
      columns,
      values,
      from,
      stride,
      a.weight,
      a.at,
      b.weight,
      b.at,
      c.weight,
      c.at,
      d.weight,
      d.at,
      e.weight,
      e.at,
    );
  }
}

/**
 * The innermost loop: five weights at once, so that the sum is read and written a fifth as often.
 *
 * @param {Float32Array} sum
 * @param {number} to
 * @param {number} columns
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {number} stride
 * @param {number} weightA
 * @param {number} atA
 * @param {number} weightB
 * @param {number} atB
 * @param {number} weightC
 * @param {number} atC
 * @param {number} weightD
 * @param {number} atD
 * @param {number} weightE
 * @param {number} atE
 */
function addRow(
  sum,
  to,
  columns,
  values,
  from,
  stride,
  weightA,
  atA,
  weightB,
  atB,
  weightC,
  atC,
  weightD,
  atD,
  weightE,
  atE,
) {
  for (let column = 0; column < columns; column++, from += stride) {
    const firstThree = weightA * values[from + atA] + weightB * values[from + atB] + weightC * values[from + atC];
    sum[to + column] += firstThree + weightD * values[from + atD] + weightE * values[from + atE];
  }
}

/**
 * @typedef {"max" | "average"} PoolKind
 */

/**
 * Pooling of each channel by itself.
 *
 * @param {Tensor} input (C, H, W)
 * @param {{kind: PoolKind, size: number, stride: number}} options
 * @returns {Tensor & {data: Float32Array<ArrayBuffer>}} (C, H', W')
 */
export function pool(input, { kind, size, stride }) {
  const [channels, height, width] = input.shape;
  const rows = outputSize({ size: height, kernel: size, stride });
  const columns = outputSize({ size: width, kernel: size, stride });
  const data = new Float32Array(channels * rows * columns);
  const over = kind === "max" ? largest : mean;
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        data[at++] = over(input.data, (channel * height + row * stride) * width + column * stride, width, size);
      }
    }
  }
  return { shape: [channels, rows, columns], data };
}

/** @param {ArrayLike<number>} values @param {number} corner @param {number} width @param {number} size */
function largest(values, corner, width, size) {
  let most = -Infinity;
  for (let u = 0; u < size; u++) for (let v = 0; v < size; v++) most = Math.max(most, values[corner + u * width + v]);
  return most;
}

/** @param {ArrayLike<number>} values @param {number} corner @param {number} width @param {number} size */
function mean(values, corner, width, size) {
  let sum = 0;
  for (let u = 0; u < size; u++) for (let v = 0; v < size; v++) sum += values[corner + u * width + v];
  return sum / (size * size);
}

/**
 * @typedef {"zeros" | "reflect" | "replicate" | "circular"} PaddingMode
 */

/** For place `i` of a side with `n` values: the place that its value comes from. */
const SOURCES = {
  reflect: (/** @type {number} */ i, /** @type {number} */ n) => (i < 0 ? -i : i < n ? i : 2 * (n - 1) - i),
  replicate: (/** @type {number} */ i, /** @type {number} */ n) => Math.min(Math.max(i, 0), n - 1),
  circular: (/** @type {number} */ i, /** @type {number} */ n) => (i + n) % n,
  zeros: (/** @type {number} */ i, /** @type {number} */ n) => (i < 0 || i >= n ? -1 : i),
};

/**
 * @param {Tensor} input (C, H, W)
 * @param {import("./window.js").Border} border
 * @param {PaddingMode} mode
 * @returns {Tensor} (C, top + H + bottom, left + W + right)
 */
export function pad(input, { top, left, bottom, right }, mode) {
  if (!(top || left || bottom || right)) return input;
  const [channels, height, width] = input.shape;
  const rows = places(top, height, bottom, mode);
  const columns = places(left, width, right, mode);
  const data = new Float32Array(channels * rows.length * columns.length);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const row of rows) {
      const from = (channel * height + row) * width;
      for (const column of columns) data[at++] = row < 0 || column < 0 ? 0 : input.data[from + column];
    }
  }
  return { shape: [channels, rows.length, columns.length], data };
}

/**
 * @param {number} before
 * @param {number} size
 * @param {number} after
 * @param {PaddingMode} mode
 */
function places(before, size, after, mode) {
  return Int32Array.from({ length: before + size + after }, (_, i) => SOURCES[mode](i - before, size));
}
