/**
 * A piece of a picture.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (C, H, W)
 * @param {{top: number, left: number, height: number, width: number}} box inside the picture
 * @returns {import("../shared/safetensors.js").Tensor} (C, height, width)
 */
export function crop({ shape: [channels, tall, wide], data }, { top, left, height, width }) {
  const piece = new Float32Array(channels * height * width);
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < height; row++) {
      const from = (channel * tall + top + row) * wide + left;
      piece.set(data.subarray(from, from + width), (channel * height + row) * width);
    }
  }
  return { shape: [channels, height, width], data: piece };
}
