/**
 * One channel of a picture, in grey or in its own colour.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (3, H, W), 0..1
 * @param {number} channel
 * @param {boolean} tint
 * @returns {Uint8ClampedArray<ArrayBuffer>} (H, W, 4)
 */
export function paintChannel({ shape: [, height, width], data }, channel, tint) {
  const count = height * width;
  const pixels = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    const byte = data[channel * count + i] * 255;
    if (tint) pixels[4 * i + channel] = byte;
    else pixels[4 * i] = pixels[4 * i + 1] = pixels[4 * i + 2] = byte;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}
