/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * Every output is a weighted sum of all inputs and a bias, in double precision.
 *
 * @param {Tensor} input (N,)
 * @param {Tensor} weight (O, N)
 * @param {Tensor} bias (O,)
 * @returns {Tensor} (O,)
 */
export function denseLayer({ data: input }, { shape: [outputs, inputs], data: weight }, { data: bias }) {
  const data = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let sum = bias[o];
    for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i] * input[i];
    data[o] = sum;
  }
  return { shape: [outputs], data };
}
