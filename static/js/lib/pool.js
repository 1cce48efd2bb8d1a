import { outputSize } from "./output_size.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
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
