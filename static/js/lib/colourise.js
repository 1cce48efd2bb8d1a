/**
 * Turns values into pixels: what lies outside the range takes the colour of its end.
 *
 * @param {ArrayLike<number>} values
 * @param {Uint32Array} map 256 colours
 * @param {number} low value of the first colour
 * @param {number} high value of the last colour
 * @param {Uint32Array} [pixels] where to write; a new array if left out
 * @returns {Uint32Array}
 */
export function colourise(values, map, low, high, pixels = new Uint32Array(values.length)) {
  if (low < 0 && low === -high) return signed(values, map, high, pixels);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const entry = (values[i] - low) * scale + 0.5;
    pixels[i] = map[entry > 255 ? 255 : entry > 0 ? entry | 0 : 0];
  }
  return pixels;
}

/**
 * A range that is symmetric about zero paints zero as entry 128 exactly.
 *
 * @param {ArrayLike<number>} values
 * @param {Uint32Array} map
 * @param {number} high
 * @param {Uint32Array} pixels
 */
function signed(values, map, high, pixels) {
  for (let i = 0; i < values.length; i++) {
    const share = values[i] / high;
    const entry = share < 0 ? 128.5 + share * 128 : 128.5 + share * 127;
    pixels[i] = map[entry > 255 ? 255 : entry > 0 ? entry | 0 : 0];
  }
  return pixels;
}
