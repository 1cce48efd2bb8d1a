/**
 * A colour map is a table of 256 colours; zero of a signed map is entry 128.
 *
 * @typedef {"grey" | "sequential" | "diverging"} MapName
 * @typedef {"light" | "dark"} Theme
 * @typedef {[number, number, number]} Rgb
 */

/**
 * Anchors at equal steps. Both maps are safe for colour-blind eyes: lightness alone tells the value of the sequential
 * map and the size of the diverging one; blue and orange tell its sign.
 *
 * @type {Record<MapName, Record<Theme, Rgb[]>>}
 */
const ANCHORS = {
  grey: {
    light: [
      [0, 0, 0],
      [255, 255, 255],
    ],
    dark: [
      [0, 0, 0],
      [255, 255, 255],
    ],
  },
  sequential: {
    light: [
      [246, 244, 239],
      [178, 215, 205],
      [87, 165, 160],
      [28, 106, 117],
      [10, 46, 66],
    ],
    dark: [
      [24, 27, 33],
      [18, 71, 86],
      [31, 126, 131],
      [105, 187, 170],
      [226, 250, 230],
    ],
  },
  diverging: {
    light: [
      [8, 48, 130],
      [66, 124, 202],
      [160, 196, 232],
      [246, 244, 239],
      [250, 190, 130],
      [217, 112, 25],
      [125, 48, 0],
    ],
    dark: [
      [186, 219, 255],
      [92, 158, 235],
      [36, 84, 156],
      [24, 27, 33],
      [143, 72, 14],
      [228, 134, 47],
      [255, 221, 176],
    ],
  },
};

/**
 * @param {MapName} name
 * @param {Theme} theme
 * @returns {Uint32Array} 256 pixels as a canvas stores them (little-endian RGBA)
 */
export function colourMap(name, theme) {
  const key = `${name} ${theme}`;
  let table = tables.get(key);
  if (!table) tables.set(key, (table = build(ANCHORS[name][theme])));
  return table;
}

/** @type {Map<string, Uint32Array>} */
const tables = new Map();

/** @param {Rgb[]} anchors */
function build(anchors) {
  const table = new Uint32Array(256);
  const middle = anchors.length % 2 && anchors.length > 5;
  for (let i = 0; i < 256; i++) {
    const at = (middle ? signed(i) : i / 255) * (anchors.length - 1);
    const low = Math.min(Math.floor(at), anchors.length - 2);
    const [r, g, b] = anchors[low].map((from, channel) =>
      Math.round(from + (anchors[low + 1][channel] - from) * (at - low)),
    );
    table[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return table;
}

/** Puts zero on entry 128 exactly. @param {number} i */
function signed(i) {
  return 0.5 + (i - 128) / (i < 128 ? 256 : 254);
}
