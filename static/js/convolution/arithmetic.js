import { outputSize } from "../lib/output_size.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
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
