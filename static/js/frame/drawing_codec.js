/**
 * A drawing. A place is in shares of the pad, a width too.
 *
 * @typedef {{points: {x: number, y: number}[], width: number, erase: boolean}} Stroke
 * @typedef {{strokes: Stroke[], ground: Float32Array<ArrayBuffer> | null}} Drawing ground: a picture of 112 x 112 values
 *   0..1 beneath the strokes
 */

const FIGURES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Places in a pad's side: two figures hold half a pad on either side of it too. */
const FINE = 2048;
const SIDE = 112;
const SMALL = 28;

/** The nearest place that an address can hold. @param {number} share of the pad */
export const snapped = (share) => placeOf(numberOf(share));

/** @param {number} share */
const numberOf = (share) => Math.min(Math.max(Math.round((share + 0.5) * FINE), 0), 2 * FINE - 1);
/** @param {number} number */
const placeOf = (number) => number / FINE - 0.5;

/**
 * The ground and each stroke, parted by points: four figures for each place. The ground is shared as 28 x 28 bytes.
 *
 * @type {import("./address_table.js").Codec<Drawing>}
 */
export const drawingCodec = {
  parse(text) {
    const [ground, ...strokes] = text.split(".");
    if (!/^([\w-]{1568})?$/.test(ground)) return undefined;
    if (!strokes.every((stroke) => /^\d+[de]([\w-]{4})+$/.test(stroke))) return undefined;
    return { ground: ground ? enlarged(ground) : null, strokes: strokes.map(strokeOf) };
  },
  format: ({ strokes, ground }) => [ground ? shrunk(ground) : "", ...strokes.map(written)].join("."),
  wanted: { code: "own" },
};

/** @param {Stroke} stroke */
function written({ points, width, erase }) {
  const places = points.flatMap(({ x, y }) => [pair(numberOf(x)), pair(numberOf(y))]);
  return `${Math.round(width * 1000)}${erase ? "e" : "d"}${places.join("")}`;
}

/** @param {string} text @returns {Stroke} */
function strokeOf(text) {
  const at = text.search(/[de]/);
  const numbers = (text.slice(at + 1).match(/../g) ?? []).map(unpair).map(placeOf);
  const points = Array.from({ length: numbers.length / 2 }, (_, i) => ({ x: numbers[2 * i], y: numbers[2 * i + 1] }));
  return { points, width: Number(text.slice(0, at)) / 1000, erase: text[at] === "e" };
}

/** @param {number} number below 4096 */
const pair = (number) => FIGURES[number >> 6] + FIGURES[number & 63];
/** @param {string} two */
const unpair = ([one, other]) => 64 * FIGURES.indexOf(one) + FIGURES.indexOf(other);

/** The mean of every four by four values. @param {Float32Array} ground */
function shrunk(ground) {
  const sums = new Float64Array(SMALL * SMALL);
  ground.forEach((value, i) => (sums[smallOf(i)] += value));
  return Array.from(sums, (sum) => pair(Math.round((sum / 16) * 255))).join("");
}

/** @param {string} text @returns {Float32Array<ArrayBuffer>} */
function enlarged(text) {
  const bytes = (text.match(/../g) ?? []).map(unpair);
  return new Float32Array(SIDE * SIDE).map((_, i) => Math.min(bytes[smallOf(i)], 255) / 255);
}

/** The place among 28 x 28 of one among 112 x 112. @param {number} i */
const smallOf = (i) => ((i / SIDE / 4) | 0) * SMALL + (((i % SIDE) / 4) | 0);
