import { convolveLayer } from "../lib/convolve_layer.js";
import { denseLayer } from "../lib/dense_layer.js";
import { poolLayer } from "../lib/pool_layer.js";
import { softmax } from "../lib/softmax.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
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
      return { shape, data: Float32Array.from(input.data, (value) => (value > 0 ? value : 0)) };
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

/**
 * @param {Tensor} output
 * @param {number} index of a channel or unit
 */
function silence({ shape, data }, index) {
  const size = data.length / shape[0];
  data.fill(0, index * size, (index + 1) * size);
}
