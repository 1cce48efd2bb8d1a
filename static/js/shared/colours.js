/**
 * A colour map is a table of 256 colours; zero of a signed map is entry 128.
 *
 * @typedef {"grey" | "sequential" | "diverging"} MapName
 * @typedef {import("../frame/theme.js").Theme} Theme
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
    const at = (middle ? aboutMiddle(i) : i / 255) * (anchors.length - 1);
    const low = Math.min(Math.floor(at), anchors.length - 2);
    const [r, g, b] = anchors[low].map((from, channel) =>
      Math.round(from + (anchors[low + 1][channel] - from) * (at - low)),
    );
    table[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return table;
}

/** Puts zero on entry 128 exactly. @param {number} i */
function aboutMiddle(i) {
  return 0.5 + (i - 128) / (i < 128 ? 256 : 254);
}

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
  if (low < 0 && low === -high) return paintSigned(values, map, high, pixels);
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
function paintSigned(values, map, high, pixels) {
  for (let i = 0; i < values.length; i++) {
    const share = values[i] / high;
    const entry = share < 0 ? 128.5 + share * 128 : 128.5 + share * 127;
    pixels[i] = map[entry > 255 ? 255 : entry > 0 ? entry | 0 : 0];
  }
  return pixels;
}

/**
 * @typedef {object} ValueRange
 * @property {number} low
 * @property {number} high
 * @property {boolean} signed whether there are values on both sides of zero, which a diverging map shows
 * @property {boolean} clipped whether some values lie outside
 * @property {boolean} constant whether all values are the same
 */

/**
 * The range to paint values with: symmetric about zero where there are negative ones, else from zero; its end is the
 * largest size, or the given quantile of the sizes so that one outlier does not darken everything.
 *
 * @param {ArrayLike<number>} values
 * @param {number} [quantile] 0..1; 1 is the largest
 * @returns {ValueRange}
 */
export function valueRange(values, quantile = 1) {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < lowest) lowest = values[i];
    if (values[i] > highest) highest = values[i];
  }
  if (lowest > highest) lowest = highest = 0;
  const extreme = Math.max(Math.abs(lowest), Math.abs(highest));
  const end = quantile < 1 ? quantileOfSizes(values, quantile) || extreme : extreme;
  const signed = lowest < 0;
  return { low: signed ? -end : 0, high: end, signed, clipped: end < extreme, constant: lowest === highest };
}

/**
 * @param {ArrayLike<number>} values
 * @param {number} quantile
 */
function quantileOfSizes(values, quantile) {
  const sizes = Float32Array.from(values, Math.abs).sort();
  return sizes[Math.min(sizes.length - 1, Math.floor(quantile * sizes.length))];
}

/**
 * Black or white, whichever stands out more on a colour (relative luminance as in WCAG 2).
 *
 * @param {number} pixel as a canvas stores it (little-endian RGBA)
 * @returns {"#000" | "#fff"}
 */
export function inkOn(pixel) {
  const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

/**
 * A colour as the web writes it.
 *
 * @param {number} red 0..1
 * @param {number} green
 * @param {number} blue
 * @returns {string} such as #7B5439
 */
export function hexColour(red, green, blue) {
  return `#${[red, green, blue]
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, "0")
        .toUpperCase(),
    )
    .join("")}`;
}

/**
 * The light of a coded value, as a share of the most: what screens make of the numbers of a picture (sRGB, IEC 61966-2-1).
 *
 * @param {number} code 0..1
 * @returns {number} 0..1
 */
export function lightOf(code) {
  return code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4;
}
