import { denseNetwork } from "./dense_network.js";

/**
 * @typedef {import("./safetensors.js").Tensor} Tensor
 */

/**
 * The digit network: convolution, ReLU, 2x2 max pooling, twice (the first keeps the size); then two dense layers and
 * softmax.
 *
 * @param {Record<string, Tensor>} tensors weights and biases of conv1, conv2, dense1 and dense2
 * @param {number} side of the pictures
 * @returns {(picture: ArrayLike<number>) => Float32Array} probabilities of the classes
 */
export function digitNetwork(tensors, side = 28) {
  const dense = denseNetwork(tensors, [{ name: "dense1", then: "relu" }, { name: "dense2", then: "nothing" }]);
  const padding = (tensors["conv1.weight"].shape[3] - 1) / 2;
  return (picture) => {
    const first = pooled(convolved(padded(picture, side, padding), side + 2 * padding, tensors, "conv1"), side);
    const size = side / 2 - tensors["conv2.weight"].shape[3] + 1;
    return softmax(dense(pooled(convolved(first, side / 2, tensors, "conv2"), size)));
  };
}

/** @param {ArrayLike<number>} picture @param {number} side @param {number} padding */
function padded(picture, side, padding) {
  const wide = side + 2 * padding;
  const result = new Float32Array(wide * wide);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) result[(row + padding) * wide + column + padding] = picture[row * side + column];
  }
  return result;
}

/**
 * @param {Float32Array} maps (I, wide, wide)
 * @param {number} wide
 * @param {Record<string, Tensor>} tensors
 * @param {string} layer
 * @returns {Float32Array} (O, wide - K + 1, wide - K + 1)
 */
function convolved(maps, wide, tensors, layer) {
  const [outputs, inputs, , kernel] = tensors[`${layer}.weight`].shape;
  const weight = tensors[`${layer}.weight`].data;
  const bias = tensors[`${layer}.bias`].data;
  const size = wide - kernel + 1;
  const result = new Float32Array(outputs * size * size);
  for (let output = 0; output < outputs; output++) {
    const sums = result.subarray(output * size * size, (output + 1) * size * size).fill(bias[output]);
    for (let k = 0; k < inputs * kernel * kernel; k++) {
      const [input, rest] = [Math.floor(k / (kernel * kernel)), k % (kernel * kernel)];
      const start = input * wide * wide + Math.floor(rest / kernel) * wide + (rest % kernel);
      addShifted(sums, size, maps, start, wide, weight[output * inputs * kernel * kernel + k]);
    }
  }
  return result;
}

/** @param {Float32Array} sums @param {number} size @param {Float32Array} maps @param {number} start @param {number} wide @param {number} weight */
function addShifted(sums, size, maps, start, wide, weight) {
  for (let row = 0, at = 0; row < size; row++) {
    const from = start + row * wide;
    for (let column = 0; column < size; column++, at++) sums[at] += weight * maps[from + column];
  }
}

/** ReLU and 2x2 max pooling at once. @param {Float32Array} maps @param {number} size */
function pooled(maps, size) {
  const half = size / 2;
  const result = new Float32Array(maps.length / 4);
  for (let at = 0; at < result.length; at++) {
    const column = at % half;
    const row = Math.floor(at / half); // counts through all maps, whose rows follow one another
    const from = 2 * row * size + 2 * column;
    result[at] = Math.max(0, maps[from], maps[from + 1], maps[from + size], maps[from + size + 1]);
  }
  return result;
}

/** @param {Float32Array} scores */
function softmax(scores) {
  const highest = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - highest));
  const sum = shares.reduce((a, b) => a + b);
  return shares.map((share) => share / sum);
}
