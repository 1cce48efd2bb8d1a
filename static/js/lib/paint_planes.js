import { colourise } from "./colourise.js";

/**
 * Pixels of one plane in grey or through a colour map, or of three as red, green and blue.
 *
 * @param {import("./safetensors.js").Tensor} planes (1 or 3, H, W)
 * @param {import("./display_mode.js").DisplayMode} mode
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
  for (let i = 0, to = 0; i < count; i++, to += 4) {
    for (let channel = 0; channel < 3; channel++) {
      const value = data[channels === 1 ? i : channel * count + i];
      pixels[to + channel] = ((absolute && value < 0 ? -value : value) - low) * scale;
    }
    pixels[to + 3] = 255;
  }
  return pixels;
}
