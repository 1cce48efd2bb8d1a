/**
 * @typedef {object} Term
 * @property {number} input
 * @property {number} weight
 * @property {number} product
 * @property {string | null} layer null for what no layer made
 * @property {number[]} unit
 * @property {"unit" | "padding" | "constant" | "weight"} kind
 * @property {string} [name] the parameter, of a weight
 */

/**
 * The strongest terms of a sum, and what the others and the bias add.
 *
 * @param {Term[]} terms strongest first
 * @param {number | null} bias
 * @param {number} most to be shown
 * @returns {{shown: Term[], others: number, rest: number, total: number}} how many others there are, their sum, the sum of all
 */
export function addTerms(terms, bias, most) {
  const shown = terms.slice(0, most);
  const others = terms.slice(most);
  const rest = others.reduce((sum, { product }) => sum + product, 0);
  const total = shown.reduce((sum, { product }) => sum + product, rest + (bias ?? 0));
  return { shown, others: others.length, rest, total };
}

/**
 * @typedef {object} Slice the weights from one input map to one output map
 * @property {number} input number of the input map
 * @property {number} norm root of the sum of its squares
 * @property {import("../shared/safetensors.js").Tensor} tensor (H, W)
 */

/**
 * The slices of one output map's kernel, the largest norm first; of three or fewer, in their order.
 *
 * @param {import("../shared/safetensors.js").Tensor} weight (O, I, H, W) or (O, I)
 * @param {number} output number of the output map
 * @param {number} most
 * @returns {Slice[]}
 */
export function strongestSlices({ shape: [, inputs, height = 1, width = 1], data }, output, most) {
  const size = height * width;
  const slices = Array.from({ length: inputs }, (_, input) => {
    const at = (output * inputs + input) * size;
    const values = data.subarray(at, at + size);
    let squares = 0;
    for (const value of values) squares += value * value;
    return { input, norm: Math.sqrt(squares), tensor: { shape: [height, width], data: values } };
  });
  if (inputs > 3) slices.sort((a, b) => b.norm - a.norm || a.input - b.input);
  return slices.slice(0, most);
}
