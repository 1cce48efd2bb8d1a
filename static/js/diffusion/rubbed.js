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
