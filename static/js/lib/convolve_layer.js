/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * A convolution as networks apply it (the kernel is not turned), summed in double precision.
 *
 * @param {Tensor} input (C, H, W)
 * @param {Tensor} weight (O, C, rows, columns)
 * @param {Tensor} bias (O,)
 * @param {{stride?: number[], padding?: number[]}} options [rows, columns] each
 * @param {number[]} shape of the output, (O, height, width)
 * @returns {Tensor}
 */
export function convolveLayer(input, weight, bias, { stride = [1, 1], padding = [0, 0] }, shape) {
  const [outputs, height, width] = shape;
  const padded = pad(input, padding);
  const [channels, rows, columns] = weight.shape.slice(1);
  const data = new Float32Array(outputs * height * width);
  const sums = new Float64Array(height * width);
  for (let o = 0; o < outputs; o++) {
    sums.fill(bias.data[o]);
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < rows * columns; k++) {
        const w = weight.data[(o * channels + c) * rows * columns + k];
        const from = c * padded.size + Math.floor(k / columns) * padded.width + (k % columns);
        add(sums, width, padded, from, w, stride);
      }
    }
    data.set(sums, o * height * width);
  }
  return { shape, data };
}

/**
 * Adds `weight` times the window that begins at `from` to `sums`.
 *
 * @param {Float64Array} sums
 * @param {number} width
 * @param {{data: Float64Array, width: number}} padded
 * @param {number} from
 * @param {number} weight
 * @param {number[]} stride
 */
function add(sums, width, padded, from, weight, [down, right]) {
  const { data } = padded;
  for (let at = 0, start = from; at < sums.length; start += down * padded.width) {
    for (let column = 0, i = start; column < width; column++, i += right) sums[at++] += weight * data[i];
  }
}

/**
 * @param {Tensor} input
 * @param {number[]} padding
 */
function pad({ shape: [channels, height, width], data }, [down, right]) {
  const wide = width + 2 * right;
  const size = (height + 2 * down) * wide;
  const padded = new Float64Array(channels * size);
  for (let row = 0; row < channels * height; row++) {
    const start = Math.floor(row / height) * size + ((row % height) + down) * wide + right;
    for (let column = 0; column < width; column++) padded[start + column] = data[row * width + column];
  }
  return { data: padded, width: wide, size };
}
