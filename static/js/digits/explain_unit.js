import { sumOf } from "../shared/statistics.js";
import { unitIndex, unitOf } from "../shared/units.js";

/**
 * @typedef {import("./forward.js").Layer} Layer
 * @typedef {import("./forward.js").Weights} Weights
 * @typedef {import("./forward.js").Activations} Activations
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

/**
 * @typedef {object} Term one input of a unit
 * @property {string} layer
 * @property {number[]} unit of that layer; outside the map where padding is read
 * @property {number} input
 * @property {number} weight for softmax the input's exponential; 1 or 0 where it is chosen or not
 * @property {number} product
 * @typedef {object} Explanation
 * @property {string} operation
 * @property {number} value
 * @property {number | null} bias
 * @property {Term[]} terms with the bias they make the value: their products' sum, but for softmax, where the value is the
 *   unit's own product as a share of that sum
 */

/**
 * What makes the value of one unit: the terms, in double precision, read from the layer before.
 *
 * @param {Layer[]} layers
 * @param {Weights} weights
 * @param {Activations} activations
 * @param {string} name of the layer; "input" has no terms
 * @param {number[]} unit
 * @returns {Explanation}
 */
export function explainUnit(layers, weights, activations, name, unit) {
  const { shape, data } = activations[name];
  const value = data[unitIndex(shape, unit)];
  const at = layers.findIndex((layer) => layer.name === name);
  if (at < 0) return { operation: "input", value, bias: null, terms: [] };
  const layer = layers[at];
  const before = at ? layers[at - 1].name : "input";
  const read = reader(before, activations[before]);
  const own = weights[name];
  const bias = own ? own.bias.data[unit[0]] : null;
  return { operation: layer.operation, value, bias, terms: termsOf(layer, own, unit, read, activations[before]) };
}

/**
 * @param {Layer} layer
 * @param {{weight: Tensor}} own
 * @param {number[]} unit
 * @param {(unit: number[], weight: number) => Term} read
 * @param {Tensor} input
 * @returns {Term[]}
 */
function termsOf(layer, own, unit, read, input) {
  switch (layer.operation) {
    case "conv2d":
      return window(layer, unit, own.weight.shape[1]).map((place, k) =>
        read(place, own.weight.data[unit[0] * (own.weight.data.length / own.weight.shape[0]) + k]),
      );
    case "linear":
      return Array.from(input.data, (_, i) => read([i], own.weight.data[unit[0] * input.data.length + i]));
    case "max_pool2d":
      return winner(window(layer, unit, 1).map(([, row, column]) => read([unit[0], row, column], 0)));
    case "relu":
      return [read(unit, read(unit, 0).input > 0 ? 1 : 0)];
    case "flatten":
      return [read(unitOf(input.shape, unit[0]), 1)];
    case "softmax":
      return exponentials(Array.from(input.data, (_, i) => read([i], 1)));
    default:
      throw new RangeError(`operation ${layer.operation} is not explained here`);
  }
}

/**
 * @param {string} layer
 * @param {Tensor} tensor
 */
function reader(layer, { shape, data }) {
  return (/** @type {number[]} */ unit, /** @type {number} */ weight) => {
    const inside = unit.every((at, dimension) => at >= 0 && at < shape[dimension]);
    const input = inside ? data[unitIndex(shape, unit)] : 0;
    return { layer, unit, input, weight, product: input * weight };
  };
}

/**
 * The places that a window reads, in the order of a kernel's weights.
 *
 * @param {Layer} layer
 * @param {number[]} unit
 * @param {number} channels
 */
function window({ options }, [, row, column], channels) {
  const {
    kernel_size: [rows, columns] = [1, 1],
    stride: [down, right] = [1, 1],
    padding: [above, left] = [0, 0],
  } = options;
  return Array.from({ length: channels * rows * columns }, (_, k) => [
    Math.floor(k / (rows * columns)),
    row * down - above + (Math.floor(k / columns) % rows),
    column * right - left + (k % columns),
  ]);
}

/** The first of the largest inputs wins, as in PyTorch. @param {Term[]} terms */
function winner(terms) {
  const best = terms.reduce((found, term) => (term.input > found.input ? term : found));
  return terms.map((term) => (term === best ? { ...term, weight: 1, product: term.input } : term));
}

/** Less the largest, which changes no share and overflows nowhere. @param {Term[]} terms */
function exponentials(terms) {
  const largest = Math.max(...terms.map(({ input }) => input));
  return terms.map((term) => {
    const power = Math.exp(term.input - largest);
    return { ...term, weight: power, product: power };
  });
}

/**
 * @typedef {{channel: number, terms: Term[], sum: number}} ChannelTerms
 */

/**
 * The terms of a convolution gathered by the channel that they read, the one that weighs most first.
 *
 * @param {Term[]} terms in the order of the kernel's weights
 * @returns {ChannelTerms[]}
 */
export function byChannel(terms) {
  /** @type {Map<number, Term[]>} */
  const channels = new Map();
  for (const term of terms) channels.set(term.unit[0], [...(channels.get(term.unit[0]) ?? []), term]);
  return [...channels]
    .map(([channel, own]) => ({ channel, terms: own, sum: sumOf(own) }))
    .sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
}
