/**
 * One channel of a tensor, without a copy.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (C, H, W)
 * @param {number} channel the last one where there are fewer
 * @returns {import("../shared/safetensors.js").Tensor} (1, H, W)
 */
export function planeOf({ shape: [count, rows, columns], data }, channel) {
  const at = Math.min(channel, count - 1) * rows * columns;
  return { shape: [1, rows, columns], data: data.subarray(at, at + rows * columns) };
}
