/**
 * What an index of fewer axes than the tensor has picks: x[i], x[i][j], ..., without a copy.
 *
 * @param {import("./safetensors.js").Tensor} tensor
 * @param {number[]} index
 * @returns {import("./safetensors.js").Tensor}
 */
export function subTensor({ shape, data }, index) {
  const rest = shape.slice(index.length);
  const size = rest.reduce((product, side) => product * side, 1);
  const at = index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
  return { shape: rest, data: data.subarray(at * size, (at + 1) * size) };
}
