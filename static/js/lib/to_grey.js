/**
 * Brightness of a colour picture: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded to whole 255ths as Pillow does.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (3, H, W), 0..1
 * @returns {import("../shared/safetensors.js").Tensor} (1, H, W), 0..1
 */
export function toGrey({ shape: [, height, width], data }) {
  const count = height * width;
  const grey = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    grey[i] = Math.round(255 * (0.299 * data[i] + 0.587 * data[count + i] + 0.114 * data[2 * count + i])) / 255;
  }
  return { shape: [1, height, width], data: grey };
}
