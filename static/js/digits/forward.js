import { softmax } from "../shared/statistics.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * @typedef {object} Layer one operation of a network, as the API describes it
 * @property {string} name
 * @property {string} operation "conv2d", "relu", "max_pool2d", "flatten", "linear" or "softmax"
 * @property {number[]} shape of its output for one picture
 * @property {number} parameters
 * @property {{kernel_size?: number[], stride?: number[], padding?: number[]}} options
 * @typedef {Record<string, {weight: Tensor, bias: Tensor}>} Weights by layer
 * @typedef {Record<string, Tensor>} Activations by layer, without the batch; `input` among them
 * @typedef {Record<string, number[]>} Silenced indices of channels or units that give 0, by layer
 */

/**
 * Runs a network whose layers follow one another on one picture, every output kept.
 *
 * @param {Layer[]} layers
 * @param {Weights} weights
 * @param {Tensor} input (C, H, W)
 * @param {Silenced} [silenced]
 * @returns {Activations}
 */
export function forward(layers, weights, input, silenced = {}) {
  /** @type {Activations} */
  const activations = { input };
  let last = input;
  for (const layer of layers) {
    last = apply(layer, weights[layer.name], last);
    for (const index of silenced[layer.name] ?? []) silence(last, index);
    activations[layer.name] = last;
  }
  return activations;
}

/**
 * How like a digit the network's flattened maps are, for the judge that learnt from pictures of nothing as well.
 *
 * @param {Weights} judge
 * @param {Tensor} flat (500,)
 * @returns {number} 0..1
 */
export function judged({ dense1, dense2 }, flat) {
  const hidden = denseLayer(flat, dense1.weight, dense1.bias);
  hidden.data = hidden.data.map((value) => Math.max(value, 0));
  return 1 / (1 + Math.exp(-denseLayer(hidden, dense2.weight, dense2.bias).data[0]));
}

/**
 * @param {Layer} layer
 * @param {{weight: Tensor, bias: Tensor}} own
 * @param {Tensor} input
 * @returns {Tensor}
 */
function apply({ operation, options, shape }, own, input) {
  switch (operation) {
    case "conv2d":
      return convolveLayer(input, own.weight, own.bias, options, shape);
    case "relu":
      return { shape, data: rectified(input.data) };
    case "max_pool2d":
      return poolLayer(input, options, shape);
    case "flatten":
      return { shape, data: input.data };
    case "linear":
      return denseLayer(input, own.weight, own.bias);
    case "softmax":
      return { shape, data: softmax(input.data) };
    default:
      throw new RangeError(`operation ${operation} is not run here`);
  }
}

/** @param {Tensor["data"]} data */
function rectified(data) {
  const positive = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) if (data[i] > 0) positive[i] = data[i];
  return positive;
}

/**
 * @param {Tensor} output
 * @param {number} index of a channel or unit
 */
function silence({ shape, data }, index) {
  const size = data.length / shape[0];
  data.fill(0, index * size, (index + 1) * size);
}

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
function convolveLayer(input, weight, bias, { stride = [1, 1], padding = [0, 0] }, shape) {
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

/**
 * Max pooling: the largest value of each window, map by map.
 *
 * @param {Tensor} input (C, H, W)
 * @param {{kernel_size?: number[], stride?: number[]}} options [rows, columns] each
 * @param {number[]} shape of the output, (C, height, width)
 * @returns {Tensor}
 */
function poolLayer(input, { kernel_size: [rows, columns] = [2, 2], stride: [down, right] = [rows, columns] }, shape) {
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

/**
 * Every output is a weighted sum of all inputs and a bias, in double precision.
 *
 * @param {Tensor} input (N,)
 * @param {Tensor} weight (O, N)
 * @param {Tensor} bias (O,)
 * @returns {Tensor} (O,)
 */
function denseLayer({ data: input }, { shape: [outputs, inputs], data: weight }, { data: bias }) {
  const data = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let sum = bias[o];
    for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i] * input[i];
    data[o] = sum;
  }
  return { shape: [outputs], data };
}
