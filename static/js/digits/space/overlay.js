import { unitOf } from "../../shared/units.js";
import { drawLines } from "./lines.js";

/**
 * @typedef {[number, number]} Spot on the screen, in CSS pixels
 * @typedef {(x: number, y: number, z: number) => Spot} Projection
 * @typedef {import("./layout.js").LayerPlace} LayerPlace
 * @typedef {import("../receptive_regions.js").Region} Region
 *
 * @typedef {object} Touched
 * @property {number} unit its number among all units
 * @property {{unit: number, contribution: number}[]} links
 * @property {number} pinned another that stays marked; -1 for none
 * @property {Record<string, Region>} regions by layer
 *
 * @typedef {object} Overlay
 * @property {Touched | null} touched
 * @property {{from: Spot, to: Spot}[]} leaders
 * @property {Projection} project
 * @property {Float32Array} unitBoxes
 * @property {LayerPlace[]} layers
 * @property {Record<"faint" | "touch", string>} inks
 * @property {import("../../frame/theme.js").Theme} theme
 */

/** A unit smaller than this on the screen gets a ring of it around. */
const RING = 7;

/**
 * Draws what is touched over the boxes: the unit, its receptive field and the lines to its inputs. The boxes below stay
 * as they are, so that a moving cursor costs no new picture of them.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} view
 * @param {Overlay} overlay
 */
export function drawOverlay(canvas, view, { touched, leaders, layers, project, unitBoxes, inks, theme }) {
  const context = fresh(canvas, view);
  if (!context) return;
  drawLeaders(context, leaders, inks.faint);
  if (!touched) return;
  context.strokeStyle = inks.touch;
  context.lineWidth = 1.25;
  for (const layer of layers) {
    const region = touched.regions[layer.name];
    if (!region) continue;
    context.globalAlpha = isWhole(layer, region) ? 0.4 : 1;
    for (const rectangle of rectangles(layer, region)) outline(context, layer, rectangle, project);
  }
  context.globalAlpha = 1;
  const from = middle(unitBoxes, touched.unit, 1, project);
  const lines = touched.links.map(({ unit, contribution }) => ({
    from,
    to: middle(unitBoxes, unit, 4, project),
    contribution,
  }));
  drawLines(context, lines, theme);
  context.strokeStyle = inks.touch;
  context.lineWidth = 2;
  for (const unit of new Set([touched.unit, touched.pinned]))
    if (unit >= 0) drawUnit(context, unitBoxes, unit, project);
}

/** @param {HTMLCanvasElement} canvas @param {{width: number, height: number}} view */
function fresh(canvas, { width, height }) {
  const ratio = Math.min(devicePixelRatio, 2);
  const size = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** @param {CanvasRenderingContext2D} context @param {{from: Spot, to: Spot}[]} leaders @param {string} ink */
function drawLeaders(context, leaders, ink) {
  context.strokeStyle = ink;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.beginPath();
  for (const { from, to } of leaders) {
    context.moveTo(...from);
    context.lineTo(to[0] - 6, to[1]);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {LayerPlace} layer @param {Region} region */
function isWhole({ shape }, region) {
  return region.every(([first, last], axis) => last - first === shape[axis]);
}

/**
 * The parts of a layer's maps that a region holds.
 *
 * @param {LayerPlace} layer
 * @param {Region} region
 * @returns {{map: number, top: number, left: number, bottom: number, right: number}[]}
 */
function rectangles({ maps, rows, columns }, region) {
  if (region.length === 1) {
    const [[first, last]] = region;
    if (last - first > 1)
      return Array.from({ length: maps }, (_, map) => ({ map, top: 0, left: 0, bottom: rows, right: columns }));
    const [map, row, column] = unitOf([maps, rows, columns], first);
    return [{ map, top: row, left: column, bottom: row + 1, right: column + 1 }];
  }
  const [[top, bottom], [left, right]] = region.slice(-2);
  const [from, to] = region.length > 2 ? region[0] : [0, 1];
  return Array.from({ length: to - from }, (_, i) => ({ map: from + i, top, left, bottom, right }));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerPlace} layer
 * @param {ReturnType<typeof rectangles>[number]} rectangle
 * @param {Projection} project
 */
function outline(context, layer, { map, top, left, bottom, right }, project) {
  const x = (map % layer.mapsInRow) * (layer.columns * layer.edge + layer.gap) - layer.width / 2;
  const z = Math.floor(map / layer.mapsInRow) * (layer.rows * layer.edge + layer.gap) + layer.z - layer.depth / 2;
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    project(x + column * layer.edge, layer.y + layer.thickness, z + row * layer.edge);
  polygon(context, [at(top, left), at(top, right), at(bottom, right), at(bottom, left)]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} boxes
 * @param {number} unit
 * @param {Projection} project
 */
function drawUnit(context, boxes, unit, project) {
  const [x0, , z0, x1, y1, z1] = boxes.subarray(unit * 6, unit * 6 + 6);
  const top = [project(x0, y1, z0), project(x1, y1, z0), project(x1, y1, z1), project(x0, y1, z1)];
  polygon(context, top);
  if (Math.hypot(top[1][0] - top[0][0], top[1][1] - top[0][1]) >= RING) return;
  context.beginPath();
  context.arc(...middle(boxes, unit, 4, project), RING, 0, 2 * Math.PI);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Spot[]} spots */
function polygon(context, spots) {
  context.beginPath();
  for (const spot of spots) context.lineTo(...spot);
  context.closePath();
  context.stroke();
}

/** The middle of a unit's floor (level 1) or top (level 4). @param {Float32Array} boxes @param {number} unit @param {1 | 4} level @param {Projection} project */
function middle(boxes, unit, level, project) {
  const at = unit * 6;
  return project((boxes[at] + boxes[at + 3]) / 2, boxes[at + level], (boxes[at + 2] + boxes[at + 5]) / 2);
}
