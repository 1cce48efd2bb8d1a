import { outputSize } from "./output_size.js";

/**
 * @typedef {import("./safetensors.js").Tensor} Tensor
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
  const geometry = { height, width, rows, columns, stride, dilation };
  for (let o = 0; o < data.length / plane; o++) {
    const sum = data.subarray(o * plane, (o + 1) * plane);
    const kernel = kernels[each ? 0 : o];
    kernel.forEach((slice, c) => accumulate(sum, input.data, (each ? o : c) * height * width, slice, geometry));
    if (divisor !== 1 || bias !== 0) for (let i = 0; i < plane; i++) sum[i] = sum[i] / divisor + bias;
  }
  return { shape: [data.length / plane, rows, columns], data };
}

/** @param {number[][][][]} kernels */
const shapeOf = (kernels) => [kernels.length, kernels[0].length, kernels[0][0].length, kernels[0][0][0].length];

/**
 * Adds one slice's products, a row of weights at a time: weights that are zero cost nothing.
 *
 * @param {Float32Array} sum (rows, columns)
 * @param {ArrayLike<number>} values
 * @param {number} start of the channel
 * @param {number[][]} slice
 * @param {{width: number, rows: number, columns: number, stride: number, dilation: number}} geometry
 */
function accumulate(sum, values, start, slice, { width, rows, columns, stride, dilation }) {
  slice.forEach((weights, u) => {
    const taps = weights.map((weight, v) => ({ weight, shift: v * dilation })).filter(({ weight }) => weight !== 0);
    for (let first = 0; first < taps.length; first += 3) {
      const [a, b, c] = [0, 1, 2].map((i) => taps[first + i] ?? { weight: 0, shift: taps[first].shift });
      for (let row = 0; row < rows; row++) {
        const from = start + (row * stride + u * dilation) * width;
        addRow(sum, row * columns, columns, values, from, stride, a.weight, a.shift, b.weight, b.shift, c.weight, c.shift);
      }
    }
  });
}

/**
 * The innermost loop: three weights at once, so that the sum is read and written a third as often.
 *
 * @param {Float32Array} sum
 * @param {number} to
 * @param {number} columns
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {number} stride
 * @param {number} weightA
 * @param {number} shiftA
 * @param {number} weightB
 * @param {number} shiftB
 * @param {number} weightC
 * @param {number} shiftC
 */
function addRow(sum, to, columns, values, from, stride, weightA, shiftA, weightB, shiftB, weightC, shiftC) {
  for (let column = 0; column < columns; column++, from += stride) {
    sum[to + column] += weightA * values[from + shiftA] + weightB * values[from + shiftB] + weightC * values[from + shiftC];
  }
}
