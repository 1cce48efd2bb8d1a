import { theme } from "../frame/theme.js";
import { colourMap, colourise } from "../shared/colours.js";
import { cellChanges, principalAxes, project } from "./geometry.js";
import { latentSheet } from "./sheet.js";

const PIXELS = 784;
/** Cells along each side. */
const CELLS = 24;

/**
 * A square grid of codes, and where its decoded pictures lie among pictures.
 *
 * @typedef {object} LatentWarp
 * @property {import("./sheet.js").Edges} edges of the grid
 * @property {number} cells along each side
 * @property {Float32Array} changes (cells * cells,) picture distance for a step of 1, row by row from the top left
 * @property {number} most the largest change
 * @property {[number, number][]} places ((cells + 1) ** 2,) of the corners' pictures
 * @property {number} share of the pictures' variance that the two directions hold
 * @property {(picture: ArrayLike<number>) => [number, number]} placeOf a picture, in the same two directions
 */

/**
 * The grid over a part of the plane, decoded by the server.
 *
 * @param {string} model
 * @param {import("./sheet.js").Edges} edges
 * @param {number} label
 * @returns {Promise<LatentWarp>}
 */
export async function latentWarp(model, edges, label) {
  const step = { x: (edges.right - edges.left) / CELLS, y: (edges.top - edges.bottom) / CELLS };
  const around = {
    left: edges.left - step.x / 2,
    right: edges.right + step.x / 2,
    bottom: edges.bottom - step.y / 2,
    top: edges.top + step.y / 2,
  };
  const { images } = await latentSheet(model, around, { rows: CELLS + 1, columns: CELLS + 1, label });
  const { mean, axes, share } = principalAxes(images, PIXELS);
  const directions = { mean: Array.from(mean), axes: axes.map((axis) => Array.from(axis)) };
  const changes = cellChanges(images, CELLS + 1, CELLS + 1, step);
  const placeOf = (/** @type {ArrayLike<number>} */ picture) => project(picture, directions);
  const places = Array.from({ length: images.length / PIXELS }, (_, i) =>
    placeOf(images.subarray(PIXELS * i, PIXELS * (i + 1))),
  );
  return { edges, cells: CELLS, changes, most: Math.max(...changes), places, share, placeOf };
}

/** A pixel for each cell, in the colour of its change. @param {LatentWarp} warp */
export function warpColours({ changes, most }) {
  return colourise(changes, colourMap("sequential", theme()), 0, most);
}

/** The same as a picture for the plane. @param {LatentWarp} warp @returns {OffscreenCanvas} */
export function warpPicture(warp) {
  const canvas = new OffscreenCanvas(warp.cells, warp.cells);
  const pixels = new Uint8ClampedArray(new Uint32Array(warpColours(warp)).buffer);
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, warp.cells, warp.cells), 0, 0);
  return canvas;
}

/** The change in the cell that holds a place; null outside of the grid. @param {LatentWarp} warp @param {number[]} z */
export function changeAt({ edges, cells, changes }, [x, y]) {
  const column = Math.floor((cells * (x - edges.left)) / (edges.right - edges.left));
  const row = Math.floor((cells * (edges.top - y)) / (edges.top - edges.bottom));
  return column < 0 || row < 0 || column >= cells || row >= cells ? null : changes[row * cells + column];
}
