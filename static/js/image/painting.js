/**
 * A colour picture, with some of its channels switched off.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (3, H, W), 0..1
 * @param {string} [on] the channels that are on, of "rgb"
 * @returns {Uint8ClampedArray<ArrayBuffer>} (H, W, 4)
 */
export function paintColour({ shape: [, height, width], data }, on = "rgb") {
  const count = height * width;
  const pixels = new Uint8ClampedArray(4 * count);
  const shown = [..."rgb"].map((name) => on.includes(name));
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++)
      if (shown[channel]) pixels[4 * i + channel] = data[channel * count + i] * 255;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

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
