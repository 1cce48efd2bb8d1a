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
