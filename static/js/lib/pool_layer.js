/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * Max pooling: the largest value of each window, map by map.
 *
 * @param {Tensor} input (C, H, W)
 * @param {{kernel_size?: number[], stride?: number[]}} options [rows, columns] each
 * @param {number[]} shape of the output, (C, height, width)
 * @returns {Tensor}
 */
export function poolLayer(
  input,
  { kernel_size: [rows, columns] = [2, 2], stride: [down, right] = [rows, columns] },
  shape,
) {
  const [channels, height, width] = shape;
  const [, inHeight, inWidth] = input.shape;
  const data = new Float32Array(channels * height * width);
  for (let at = 0; at < data.length; at++) {
    const row = Math.floor(at / width) % height;
    const start = (Math.floor(at / (width * height)) * inHeight + row * down) * inWidth + (at % width) * right;
    let largest = -Infinity;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) largest = Math.max(largest, input.data[start + y * inWidth + x]);
    }
    data[at] = largest;
  }
  return { shape, data };
}
