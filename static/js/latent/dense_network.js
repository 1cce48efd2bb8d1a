/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {{name: string, then: "relu" | "sigmoid" | "nothing"}} DenseLayer
 */

/**
 * A network of dense layers, y = then(W x + b), as a function from numbers to numbers.
 *
 * @param {Record<string, Tensor>} tensors `NAME.weight` (out, in) and `NAME.bias` (out,) of each layer
 * @param {DenseLayer[]} layers in order
 * @returns {(x: ArrayLike<number>) => Float32Array<ArrayBuffer>} a new array for each call
 */
export function denseNetwork(tensors, layers) {
  const steps = layers.map(({ name, then }) => {
    const weight = /** @type {Float32Array} */ (tensors[`${name}.weight`].data);
    const bias = /** @type {Float32Array} */ (tensors[`${name}.bias`].data);
    return { weight, bias, then, output: new Float32Array(bias.length) };
  });
  return (x) => {
    const first = steps[0];
    if (x.length !== first.weight.length / first.bias.length)
      throw new RangeError(`${x.length} numbers; ${first.weight.length / first.bias.length} are accepted`);
    let values = Float32Array.from(x);
    for (const { weight, bias, then, output } of steps) {
      multiply(weight, values, bias, output);
      after[then](output);
      values = output;
    }
    return values.slice();
  };
}

/** Four sums at a time: each addition need not wait for the one before. */
/** @param {Float32Array} weight @param {Float32Array} x @param {Float32Array} bias @param {Float32Array} output */
function multiply(weight, x, bias, output) {
  const wide = x.length;
  const fours = wide & ~3;
  for (let o = 0; o < output.length; o++) {
    const row = o * wide;
    let [a, b, c, d] = [bias[o], 0, 0, 0];
    for (let i = 0; i < fours; i += 4) {
      a += weight[row + i] * x[i];
      b += weight[row + i + 1] * x[i + 1];
      c += weight[row + i + 2] * x[i + 2];
      d += weight[row + i + 3] * x[i + 3];
    }
    for (let i = fours; i < wide; i++) a += weight[row + i] * x[i];
    output[o] = a + b + (c + d);
  }
}

/** @type {Record<DenseLayer["then"], (values: Float32Array) => void>} */
const after = {
  relu(values) {
    for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
  },
  sigmoid(values) {
    for (let i = 0; i < values.length; i++) values[i] = 1 / (1 + Math.exp(-values[i]));
  },
  nothing() {},
};
