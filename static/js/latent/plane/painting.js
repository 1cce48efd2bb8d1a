import { polygonHull } from "vendor/d3";
import { formatNumber } from "../../shared/numbers.js";
import { axisTicks, innerPoints } from "./view.js";

/**
 * @typedef {import("./view.js").PlaneView} PlaneView
 * @typedef {{x: Float32Array, y: Float32Array, labels: Float32Array}} Points
 * @typedef {{picture: CanvasImageSource, left: number, right: number, bottom: number, top: number}} Sheet
 * @typedef {{kind: "ellipse", x: number, y: number, rx: number, ry: number, label?: number}} Ellipse
 * @typedef {{kind: "dot", x: number, y: number, label?: number, text?: string}} Dot
 * @typedef {{kind: "path", points: {x: number, y: number}[], label?: number, broad?: boolean}} Path broad and pale, to lie beneath others
 * @typedef {{kind: "arrows", tails: [number, number][], ways: [number, number][], broad?: boolean}} Arrows
 * @typedef {{kind: "crowd", x: Float64Array, y: Float64Array}} Crowd many small dots
 * @typedef {Ellipse | Dot | Path | Arrows | Crowd} Shape
 */

const HULL_SHARE = 0.9;
/** Pixels across of what lies beneath other lines. */
const BROAD = 4;
/** Half the angle of an arrow's head, and its share of the arrow. */
const HEAD = 0.5;
const HEAD_SHARE = 0.3;
const CROWD_RADIUS = 2.5;

/** The look of the page where the canvas is. @param {Element} element */
export function inks(element) {
  const style = getComputedStyle(element);
  const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    ink: named("--ink"),
    soft: named("--ink-soft"),
    line: named("--line"),
    surface: named("--surface"),
    touch: named("--touch"),
    touchSoft: named("--touch-soft"),
    classes: Array.from({ length: 10 }, (_, i) => named(`--class-${i}`)),
  };
}

/** @typedef {ReturnType<typeof inks>} Inks */

/** @param {CanvasRenderingContext2D} context @param {PlaneView} view @param {Inks} colours */
export function paintAxes(context, view, colours) {
  const { left, right, bottom, top } = view.edges;
  context.strokeStyle = colours.line;
  context.fillStyle = colours.soft;
  context.lineWidth = 1;
  context.beginPath();
  for (const x of axisTicks(left, right)) stroke(context, view.column(x), 0, view.column(x), view.height);
  for (const y of axisTicks(bottom, top)) stroke(context, 0, view.row(y), view.width, view.row(y));
  context.stroke();
  context.textBaseline = "bottom";
  context.textAlign = "center";
  for (const x of axisTicks(left, right))
    if (inside(view.column(x), view.width)) context.fillText(formatNumber(x), view.column(x), view.height - 3);
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const y of axisTicks(bottom, top))
    if (inside(view.row(y), view.height)) context.fillText(formatNumber(y), 4, view.row(y));
}

/** @param {number} at @param {number} size */
function inside(at, size) {
  return at > 22 && at < size - 24;
}

/** @param {CanvasRenderingContext2D} context @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
function stroke(context, x0, y0, x1, y1) {
  context.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5);
  context.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
}

/** @param {CanvasRenderingContext2D} context @param {PlaneView} view @param {Sheet} sheet @param {number} strength */
export function paintSheet(context, view, sheet, strength) {
  const [x, y] = [view.column(sheet.left), view.row(sheet.top)];
  context.imageSmoothingEnabled = false;
  context.globalAlpha = strength;
  context.drawImage(sheet.picture, x, y, view.column(sheet.right) - x, view.row(sheet.bottom) - y);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {PlaneView} view
 * @param {Points} points
 * @param {Set<number>} hidden classes that are left out
 * @param {Inks} colours
 */
export function paintPoints(context, view, { x, y, labels }, hidden, colours) {
  const size = Math.min(Math.max(view.centre.unit / 28, 2), 6);
  context.globalAlpha = 0.75;
  for (let digit = 0; digit < 10; digit++) {
    if (hidden.has(digit)) continue;
    context.fillStyle = colours.classes[digit];
    for (let i = 0; i < x.length; i++) {
      if (labels[i] === digit) context.fillRect(view.column(x[i]) - size / 2, view.row(y[i]) - size / 2, size, size);
    }
  }
  context.globalAlpha = 1;
}

/**
 * The outline of nine tenths of each class, with its digit in the middle.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PlaneView} view
 * @param {Points} points
 * @param {Set<number>} hidden
 * @param {Inks} colours
 */
export function paintHulls(context, view, points, hidden, colours) {
  context.lineWidth = 2;
  for (let digit = 0; digit < 10; digit++) {
    const hull = hidden.has(digit) ? null : hullOf(points, digit);
    if (!hull) continue;
    context.strokeStyle = context.fillStyle = colours.classes[digit];
    context.beginPath();
    hull.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](view.column(x), view.row(y)));
    context.closePath();
    context.stroke();
    context.globalAlpha = 0.1;
    context.fill();
    context.globalAlpha = 1;
  }
}

/** @param {Points} points @param {number} digit */
function hullOf({ x, y, labels }, digit) {
  /** @type {import("./view.js").Pair[]} */
  const own = [];
  labels.forEach((label, i) => label === digit && own.push([x[i], y[i]]));
  return own.length > 2 ? polygonHull(innerPoints(own, HULL_SHARE)) : null;
}

/**
 * Circles that hold 39 and 86 percent of N(0, I): one and two sigma from the middle.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PlaneView} view
 * @param {Inks} colours
 */
export function paintPrior(context, view, colours) {
  context.strokeStyle = colours.soft;
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  for (const radius of [1, 2]) {
    context.beginPath();
    context.arc(view.column(0), view.row(0), radius * view.centre.unit, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {PlaneView} view @param {Shape} shape @param {Inks} colours */
export function paintShape(context, view, shape, colours) {
  if (shape.kind === "arrows") return paintArrows(context, view, shape, colours);
  if (shape.kind === "crowd") return paintCrowd(context, view, shape, colours);
  const colour = shape.label === undefined ? colours.ink : colours.classes[shape.label];
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2;
  if (shape.kind === "path" && shape.broad) Object.assign(context, { lineWidth: BROAD, strokeStyle: colours.soft });
  context.beginPath();
  if (shape.kind === "ellipse")
    context.ellipse(
      view.column(shape.x),
      view.row(shape.y),
      shape.rx * view.centre.unit,
      shape.ry * view.centre.unit,
      0,
      0,
      2 * Math.PI,
    );
  if (shape.kind === "path")
    shape.points.forEach(({ x, y }, i) => context[i ? "lineTo" : "moveTo"](view.column(x), view.row(y)));
  if (shape.kind === "dot") context.arc(view.column(shape.x), view.row(shape.y), 4, 0, 2 * Math.PI);
  if (shape.kind !== "dot") context.stroke();
  if (shape.kind === "path") return;
  context.globalAlpha = shape.kind === "ellipse" ? 0.18 : 1;
  context.fill();
  context.globalAlpha = 1;
  if (shape.kind === "dot" && shape.text)
    paintText(context, view, shape.text, view.column(shape.x), view.row(shape.y), colours);
}

/** @param {CanvasRenderingContext2D} context @param {PlaneView} view @param {Arrows} arrows @param {Inks} colours */
function paintArrows(context, view, { tails, ways, broad }, colours) {
  context.strokeStyle = broad ? colours.soft : colours.ink;
  context.lineWidth = broad ? BROAD : 1.2;
  context.globalAlpha = broad ? 0.4 : 0.85;
  context.beginPath();
  ways.forEach(([right, up], i) => {
    const [column, row] = [view.column(tails[i][0]), view.row(tails[i][1])];
    const [across, down] = [right * view.centre.unit, -up * view.centre.unit];
    context.moveTo(column, row);
    context.lineTo(column + across, row + down);
    for (const turn of [HEAD, -HEAD]) {
      const [cos, sin] = [HEAD_SHARE * Math.cos(turn), HEAD_SHARE * Math.sin(turn)];
      context.moveTo(column + across, row + down);
      context.lineTo(column + across - cos * across + sin * down, row + down - sin * across - cos * down);
    }
  });
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {PlaneView} view @param {Crowd} crowd @param {Inks} colours */
function paintCrowd(context, view, { x, y }, colours) {
  context.fillStyle = colours.ink;
  context.strokeStyle = colours.surface;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i < x.length; i++) {
    const [column, row] = [view.column(x[i]), view.row(y[i])];
    context.moveTo(column + CROWD_RADIUS, row);
    context.arc(column, row, CROWD_RADIUS, 0, 2 * Math.PI);
  }
  context.stroke();
  context.fill();
}

/**
 * Beside a place, above the cross hairs that may lie there, on a ground of its own: dots lie thick there.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PlaneView} view
 * @param {string} text
 * @param {number} column
 * @param {number} row
 * @param {Inks} colours
 */
function paintText(context, view, text, column, row, colours) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  const { width, actualBoundingBoxAscent, actualBoundingBoxDescent } = context.measureText(text);
  const left = column + 9 + width < view.width ? column + 9 : Math.max(column - 9 - width, 3);
  const top = Math.max(row - 12, 9) - actualBoundingBoxAscent;
  context.fillStyle = colours.surface;
  context.globalAlpha = 0.88;
  context.fillRect(left - 3, top - 2, width + 6, actualBoundingBoxAscent + actualBoundingBoxDescent + 4);
  context.globalAlpha = 1;
  context.fillStyle = colours.ink;
  context.fillText(text, left, top + actualBoundingBoxAscent);
}

/** The place that is being touched: cross hairs and a ring. @param {CanvasRenderingContext2D} context @param {PlaneView} view @param {{x: number, y: number}} at @param {Inks} colours */
export function paintTouch(context, view, at, colours) {
  const [column, row] = [view.column(at.x), view.row(at.y)];
  context.strokeStyle = colours.touch;
  context.lineWidth = 1;
  context.globalAlpha = 0.55;
  context.beginPath();
  stroke(context, column, 0, column, view.height);
  stroke(context, 0, row, view.width, row);
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 3;
  context.fillStyle = colours.touchSoft;
  context.beginPath();
  context.arc(column, row, 9, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
