import { theme } from "../../frame/theme.js";
import { colourMap } from "../../shared/colours.js";
import { formatNumber } from "../../shared/numbers.js";
import { unitIndex } from "../../shared/units.js";
import { unitSquare } from "./layout.js";

/**
 * @typedef {import("./layout.js").NetworkLayout} NetworkLayout
 * @typedef {import("./layout.js").Block} Block
 * @typedef {import("./paint_cells.js").Transform} Transform
 * @typedef {import("./layout.js").UnitPlace} UnitPlace
 * @typedef {object} DrawnUnit
 * @property {UnitPlace} place
 * @property {import("../explain_unit.js").Term[]} terms
 * @property {Record<string, import("../receptive_regions.js").Region>} regions
 * @property {"contribution" | "weight"} colouring
 * @property {{name: string, shape: number[]}[]} shapes
 * @property {UnitPlace | null} pinned
 * @typedef {ReturnType<typeof inksOf>} Inks
 */

const NUMBERS_FROM = 32;

/** What is written and drawn with: fonts and colours of an element. @param {Element} element */
export function inksOf(element) {
  const style = getComputedStyle(element);
  const of = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`);
  return {
    prose: of("prose"),
    figures: of("figures"),
    ink: of("ink"),
    soft: of("ink-soft"),
    paper: of("paper"),
    surface: of("surface"),
    touch: of("touch"),
  };
}

/**
 * What is written over cells and lines: the digits below the last layers, and values where cells are large enough.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkLayout} layout
 * @param {import("../forward.js").Activations} activations
 * @param {Transform} transform
 * @param {Inks} inks
 */
export function drawFigures(context, layout, activations, transform, inks) {
  place(context, transform);
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const block of layout.blocks) {
    if (block.hidden) continue;
    if (block.units <= 10) captions(context, block, transform, inks);
    if (block.cell * transform.k >= NUMBERS_FROM) values(context, block, activations[block.name].data, transform, inks);
  }
}

/**
 * The receptive field of a unit in every earlier layer, lines to its inputs, and the unit itself.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkLayout} layout
 * @param {Transform} transform
 * @param {DrawnUnit} unit
 * @param {Inks} inks
 */
export function drawUnit(context, layout, transform, unit, inks) {
  const blocks = new Map(layout.blocks.map((block) => [block.name, block]));
  place(context, transform);
  lines(context, blocks, transform, unit);
  context.strokeStyle = inks.touch;
  for (const { name, shape } of unit.shapes) {
    const block = blocks.get(name);
    if (block && !block.hidden && unit.regions[name]) region(context, block, shape, unit.regions[name], transform);
  }
  for (const each of [unit.pinned, unit.place]) {
    const block = each && blocks.get(each.layer);
    if (each && block && !block.hidden)
      outline(context, unitSquare(block, each.index), transform, each === unit.place ? 2.5 : 1.5);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Transform} transform */
function place(context, { k, x, y }) {
  const ratio = devicePixelRatio;
  context.setTransform(k * ratio, 0, 0, k * ratio, x * ratio, y * ratio);
}

/** @param {CanvasRenderingContext2D} context @param {Block} block @param {Transform} transform @param {Inks} inks */
function captions(context, block, { k }, inks) {
  const size = Math.max(12, Math.min(15, block.cell * 0.7)) / Math.min(k, 2);
  context.fillStyle = inks.soft;
  context.strokeStyle = inks.paper;
  context.lineWidth = 4 / k;
  context.lineJoin = "round";
  context.font = `${size}px ${inks.figures}`;
  for (let i = 0; i < block.units; i++) {
    const square = unitSquare(block, i);
    const [x, y] = [square.x + square.side / 2, square.y + square.side + 9];
    context.strokeText(String(i), x, y);
    context.fillText(String(i), x, y);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Block} block
 * @param {ArrayLike<number>} data
 * @param {Transform} transform
 * @param {Inks} inks
 */
function values(context, block, data, { k, x, y }, inks) {
  context.font = `${12 / k}px ${inks.figures}`;
  context.lineWidth = 3 / k;
  context.strokeStyle = inks.surface;
  context.fillStyle = inks.ink;
  context.lineJoin = "round";
  const [right, bottom] = [context.canvas.width / devicePixelRatio, context.canvas.height / devicePixelRatio];
  for (let i = 0; i < block.units; i++) {
    const square = unitSquare(block, i);
    const [cx, cy] = [square.x + square.side / 2, square.y + square.side / 2];
    if (k * cx + x < 0 || k * cy + y < 0 || k * cx + x > right || k * cy + y > bottom) continue;
    const text = formatNumber(data[i], 2);
    context.strokeText(text, cx, cy);
    context.fillText(text, cx, cy);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Map<string, Block>} blocks @param {Transform} transform @param {DrawnUnit} unit */
function lines(context, blocks, { k }, { place: from, terms, colouring, shapes }) {
  const block = blocks.get(from.layer);
  const inputs = terms.length ? blocks.get(terms[0].layer) : undefined;
  const shape = shapes.find(({ name }) => name === terms[0]?.layer)?.shape;
  if (!block || block.hidden || !inputs || inputs.hidden || !shape) return;
  const strengths = terms.map((term) => (colouring === "weight" ? term.weight : term.product));
  const strongest = strengths.reduce((most, strength) => Math.max(most, Math.abs(strength)), 0);
  const colours = colourMap("diverging", theme());
  const start = unitSquare(block, from.index);
  context.lineWidth = 1 / k;
  terms.forEach((term, i) => {
    const share = strongest ? strengths[i] / strongest : 0;
    if (Math.abs(share) < 0.02 || term.unit.some((at, dimension) => at < 0 || at >= shape[dimension])) return;
    const end = unitSquare(inputs, unitIndex(shape, term.unit));
    context.globalAlpha = 0.15 + 0.85 * Math.abs(share);
    context.strokeStyle = css(colours[128 + Math.round(Math.sign(share) * (40 + 87 * Math.abs(share)))]);
    context.beginPath();
    context.moveTo(start.x + start.side / 2, start.y);
    context.lineTo(end.x + end.side / 2, end.y + end.side / 2);
    context.stroke();
  });
  context.globalAlpha = 1;
}

/** @param {number} colour as a canvas stores it */
function css(colour) {
  return `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Block} block
 * @param {number[]} shape
 * @param {import("../receptive_regions.js").Region} ranges
 * @param {Transform} transform
 */
function region(context, block, shape, ranges, transform) {
  context.lineWidth = 1.5 / transform.k;
  if (shape.length === 1) {
    const [first, last] = ranges[0];
    if (last - first === 1) return outline(context, unitSquare(block, first), transform, 1.5);
    context.strokeRect(block.x - 1, block.top - 1, block.width + 2, block.rows * block.cell + 2);
    return;
  }
  const [[from, to], [top, bottom], [left, right]] = ranges;
  for (let map = from; map < to; map++) {
    const first = unitSquare(block, unitIndex(shape, [map, top, left]));
    context.strokeRect(first.x, first.y, (right - left) * first.side, (bottom - top) * first.side);
  }
}

/** @param {CanvasRenderingContext2D} context @param {{x: number, y: number, side: number}} square @param {Transform} transform @param {number} width */
function outline(context, { x, y, side }, { k }, width) {
  const out = width / 2 / k;
  context.lineWidth = width / k;
  context.strokeRect(x - out, y - out, side + 2 * out, side + 2 * out);
}
