import { colourise, valueRange } from "../shared/colours.js";
import { planeOf } from "../shared/tensors.js";
import { convolve } from "./arithmetic.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * Pixels of one plane in grey or through a colour map, or of three as red, green and blue.
 *
 * @param {Tensor} planes (1 or 3, H, W)
 * @param {DisplayMode} mode
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

/**
 * How values become brightness: from `low` (black) to `high` (white), by size alone if `absolute`; what lies outside is
 * clamped. In a `coloured` mode a colour map takes the place of grey.
 *
 * @typedef {"clamp" | "absolute" | "middle" | "signed" | "rescaled"} DisplayName
 * @typedef {{low: number, high: number, absolute: boolean, coloured: boolean}} DisplayMode
 */

/**
 * @param {DisplayName} name
 * @param {ArrayLike<number>} values
 * @param {number} full the value of white in the input, 255 or 1
 * @returns {DisplayMode}
 */
export function displayMode(name, values, full) {
  const mode = { absolute: name === "absolute", coloured: name === "signed" };
  if (name === "middle") return { ...mode, low: -full, high: full };
  if (name === "signed") return { ...mode, ...ends(valueRange(values)) };
  if (name === "rescaled") return { ...mode, ...extremes(values) };
  return { ...mode, low: 0, high: full };
}

/** @param {import("../shared/colours.js").ValueRange} range */
const ends = ({ low, high }) => ({ low, high: high > low ? high : low + 1 });

/** @param {ArrayLike<number>} values */
function extremes(values) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return ends({ low, high, signed: false, clipped: false, constant: false });
}

/**
 * What each slice of a kernel cube makes of its own channel, and the sum of those that are switched on.
 *
 * @param {Tensor} padded (C, H, W)
 * @param {number[][][]} kernel (C, height, width), as it is laid
 * @param {{stride: number, dilation: number}} window
 * @param {boolean[]} on
 * @returns {{parts: Tensor[], sum: Tensor}} each (1, H', W'); before divisor and bias
 */
export function partialPlanes(padded, kernel, { stride, dilation }, on) {
  const parts = kernel.map((slice, channel) => convolve(planeOf(padded, channel), [[slice]], { stride, dilation }));
  const data = new Float32Array(parts[0].data.length);
  parts.forEach((part, channel) => {
    if (on[channel]) for (let i = 0; i < data.length; i++) data[i] += part.data[i];
  });
  return { parts, sum: { shape: parts[0].shape, data } };
}
