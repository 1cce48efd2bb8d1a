import { likeliest } from "../shared/statistics.js";
import { fetchGrid } from "./server.js";

const SIDE = 28;

/**
 * @typedef {import("./server.js").Edges} Edges
 * @typedef {{images: Float32Array, digits: Uint8Array, rows: number, columns: number, edges: Edges}} DecodedSheet
 */

/**
 * A grid of codes over a part of the plane, decoded by the server, with the digit that the digit network reads in each.
 *
 * @param {string} model
 * @param {Edges} edges
 * @param {{rows?: number, columns?: number, label?: number}} [options]
 * @returns {Promise<DecodedSheet>}
 */
export async function latentSheet(model, edges, { rows = 20, columns = 20, label = 0 } = {}) {
  const decoded = await fetchGrid(model, edges, { rows, columns, label });
  const images = /** @type {Float32Array} */ (decoded.images.data);
  return { images, digits: likeliest(decoded.probabilities?.data ?? []), rows, columns, edges };
}

/**
 * The sheet as one picture: ink as dense as the pixels are light, in the colour of the digit that is read.
 *
 * @param {DecodedSheet} sheet
 * @param {string[]} classes a colour for each digit, #rrggbb
 * @returns {OffscreenCanvas}
 */
export function sheetPicture({ images, digits, rows, columns }, classes) {
  const canvas = new OffscreenCanvas(columns * SIDE, rows * SIDE);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(picture.data.buffer);
  const inks = classes.map(littleEndian);
  for (let i = 0; i < images.length; i++) {
    const [cell, at] = [Math.floor(i / (SIDE * SIDE)), i % (SIDE * SIDE)];
    const row = Math.floor(cell / columns) * SIDE + Math.floor(at / SIDE);
    const column = (cell % columns) * SIDE + (at % SIDE);
    pixels[row * canvas.width + column] =
      ((Math.round(Math.min(Math.max(images[i], 0), 1) * 255) << 24) | inks[digits[cell]]) >>> 0;
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** @param {string} colour #rrggbb */
function littleEndian(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (b << 16) | (g << 8) | r;
}
