/**
 * Tensors of the same shape as one tensor with an axis more in front.
 *
 * @param {import("../shared/safetensors.js").Tensor[]} tensors
 * @returns {import("../shared/safetensors.js").Tensor}
 */
export function stackTensors(tensors) {
  const [{ shape, data: first }] = tensors;
  const data = new Float32Array(tensors.length * first.length);
  tensors.forEach((tensor, i) => data.set(tensor.data, i * first.length));
  return { shape: [tensors.length, ...shape], data };
}
