/**
 * The largest square in the middle of a picture.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (C, H, W)
 * @returns {import("../shared/safetensors.js").Tensor} (C, S, S) with S the shorter side
 */
export function centreSquare({ shape: [channels, height, width], data }) {
  const side = Math.min(height, width);
  const top = Math.floor((height - side) / 2);
  const left = Math.floor((width - side) / 2);
  const square = new Float32Array(channels * side * side);
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < side; row++) {
      const from = (channel * height + top + row) * width + left;
      square.set(data.subarray(from, from + side), (channel * side + row) * side);
    }
  }
  return { shape: [channels, side, side], data: square };
}
