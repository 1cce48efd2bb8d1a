import { theme } from "../frame/theme.js";
import { colourMap, colourise, valueRange } from "../shared/colours.js";
import { formatNumber } from "../shared/numbers.js";
import { sheetPlan } from "./sheet_plan.js";

const [WIDTH, MARGIN, HEAD, FOOT, LEGEND] = [1600, 24, 56, 64, 320];
const FONT = '"Atkinson Hyperlegible Next Variable", system-ui, sans-serif';

/**
 * @typedef {object} Sheet
 * @property {string} title
 * @property {number} rows of each map
 * @property {number} columns
 * @property {ArrayLike<number>[]} maps in their order, row-major
 * @property {{low: number, high: number} | null} range of all; null for each map's own
 * @property {string} note words beside the legend, or in its place
 */

/**
 * Maps as they are on the page, with their title and their legend, as a PNG.
 *
 * @param {Sheet} sheet
 * @returns {Promise<Blob>}
 */
export function sheetPng({ title, rows, columns, maps, range, note }) {
  const plan = sheetPlan(maps.length, rows, columns, WIDTH);
  const canvas = new OffscreenCanvas(Math.max(plan.width, 2 * LEGEND) + 2 * MARGIN, plan.height + HEAD + FOOT);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const [paper, ink] = theme() === "dark" ? ["#131519", "#eceae5"] : ["#faf9f6", "#1c1e23"];
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  maps.forEach((values, place) => {
    const { x, y } = plan.at(place);
    const { low, high } = range ?? valueRange(values);
    context.drawImage(
      painted(values, rows, columns, low, high),
      MARGIN + x,
      HEAD + y,
      columns * plan.factor,
      rows * plan.factor,
    );
  });
  context.fillStyle = ink;
  context.textBaseline = "middle";
  context.font = `600 22px ${FONT}`;
  context.fillText(title, MARGIN, HEAD / 2, canvas.width - 2 * MARGIN);
  context.font = `18px ${FONT}`;
  const y = canvas.height - FOOT / 2;
  const x = range ? legend(context, range, y) : MARGIN;
  context.fillText(note, x, y, canvas.width - MARGIN - x);
  return canvas.convertToBlob({ type: "image/png" });
}

/** @param {OffscreenCanvasRenderingContext2D} context @param {{low: number, high: number}} range @param {number} y @returns {number} where it ends */
function legend(context, { low, high }, y) {
  const [from, to] = [low, high].map((value) => formatNumber(value));
  const ramp = Float32Array.from({ length: 256 }, (_, i) => low + ((high - low) * i) / 255);
  const x = MARGIN + context.measureText(from).width + 10;
  context.fillText(from, MARGIN, y);
  context.drawImage(painted(ramp, 1, 256, low, high), x, y - 9, LEGEND, 18);
  context.fillText(to, x + LEGEND + 10, y);
  return x + LEGEND + context.measureText(to).width + MARGIN + 10;
}

/** @param {ArrayLike<number>} values @param {number} rows @param {number} columns @param {number} low @param {number} high */
function painted(values, rows, columns, low, high) {
  const pixels = colourise(values, colourMap(low < 0 ? "diverging" : "sequential", theme()), low, high);
  const canvas = new OffscreenCanvas(columns, rows);
  canvas
    .getContext("2d")
    ?.putImageData(
      new ImageData(new Uint8ClampedArray(/** @type {ArrayBuffer} */ (pixels.buffer)), columns, rows),
      0,
      0,
    );
  return canvas;
}
