/** @typedef {import("../shared/pictures/stroke.js").Stroke} Stroke */
import { rasterise } from "../shared/pictures/stroke.js";

/**
 * The pixels whose middle the rubber has touched.
 *
 * @param {Stroke[]} strokes
 * @param {number} side pixels in a row
 * @returns {Float32Array<ArrayBuffer>} side x side: 1 where rubbed out, else 0
 */
export function rubbedPixels(strokes, side) {
  return rasterise(
    strokes.map((stroke) => ({ ...stroke, erase: false })),
    side,
  ).map((cover) => (cover >= 0.5 ? 1 : 0));
}

/**
 * Every pixel of a small picture as a square of a larger one.
 *
 * @param {ArrayLike<number>} picture 28 x 28
 * @param {number} side of the larger one, a multiple of 28
 * @returns {Float32Array<ArrayBuffer>} side x side
 */
export function enlarged(picture, side) {
  const scale = side / 28;
  return new Float32Array(side * side).map(
    (_, i) => picture[Math.floor(i / side / scale) * 28 + Math.floor((i % side) / scale)],
  );
}
