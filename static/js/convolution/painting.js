import { colourise } from "../lib/colourise.js";

/**
 * Pixels of one plane in grey or through a colour map, or of three as red, green and blue.
 *
 * @param {import("../shared/safetensors.js").Tensor} planes (1 or 3, H, W)
 * @param {import("../lib/display_mode.js").DisplayMode} mode
 * @param {Uint32Array} colours used where the mode is coloured
 * @returns {Uint8ClampedArray<ArrayBuffer>} (H, W, 4)
 */
export function paintPlanes({ shape: [channels, height, width], data }, { low, high, absolute, coloured }, colours) {
  const count = height * width;
  const pixels = new Uint8ClampedArray(4 * count);
  if (coloured && channels === 1) {
    colourise(data, colours, low, high, new Uint32Array(pixels.buffer));
    return pixels;
  }
  const scale = 255 / (high - low);
  for (let channel = 0; channel < 3; channel++) {
    const from = channels === 1 ? 0 : channel * count;
    for (let i = 0, to = channel; i < count; i++, to += 4) {
      const value = data[from + i];
      pixels[to] = ((absolute && value < 0 ? -value : value) - low) * scale;
    }
  }
  for (let to = 3; to < pixels.length; to += 4) pixels[to] = 255;
  return pixels;
}
