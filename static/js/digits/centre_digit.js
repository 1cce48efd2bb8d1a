import { resample } from "../shared/resample.js";

/**
 * @typedef {{top: number, left: number, bottom: number, right: number}} InkBox in pixels of the drawing
 * @typedef {{raw: Float32Array<ArrayBuffer>, centred: Float32Array<ArrayBuffer>, box: InkBox}} PlacedDigit
 */

const SIDE = 28;
const BOX = 20;
/** Where the centre of mass of MNIST's digits lies, from the edge: in the middle of pixel 14. */
const MIDDLE = 14.5;
const INK = 0.2;
const FAINTEST = 0.1;

/**
 * A drawing as the network reads it, both as it lies and placed as MNIST's digits are: its proportions kept, scaled
 * into 20 x 20, its centre of mass in the middle pixel of 28 x 28. The server does the same in app/digits/drawing.py.
 *
 * @param {Float32Array} ink side x side values 0..1, light on dark
 * @param {number} side
 * @returns {PlacedDigit | null} null where there is no ink
 */
export function centreDigit(ink, side) {
  const box = inkBox(ink, side);
  if (!box) return null;
  const raw = resample({ shape: [side, side], data: ink }, 0, 0, side / SIDE, SIDE);
  const scale = Math.max(box.bottom - box.top, box.right - box.left) / BOX;
  const part = cut(ink, side, box);
  const top = start(part, side, true, box.top, box.bottom, scale);
  const left = start(part, side, false, box.left, box.right, scale);
  return { raw, centred: resample({ shape: [side, side], data: part }, top, left, scale, SIDE), box };
}

/** @param {Float32Array} ink @param {number} side @returns {InkBox | null} */
function inkBox(ink, side) {
  let brightest = 0;
  for (const value of ink) if (value > brightest) brightest = value;
  if (brightest < FAINTEST) return null;
  const box = { top: side, left: side, bottom: 0, right: 0 };
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] <= INK * brightest) continue;
    const row = Math.floor(i / side);
    const column = i % side;
    box.top = Math.min(box.top, row);
    box.bottom = Math.max(box.bottom, row + 1);
    box.left = Math.min(box.left, column);
    box.right = Math.max(box.right, column + 1);
  }
  return box;
}

/** @param {Float32Array} ink @param {number} side @param {InkBox} box */
function cut(ink, side, { top, left, bottom, right }) {
  const part = new Float32Array(ink.length);
  for (let row = top; row < bottom; row++)
    part.set(ink.subarray(row * side + left, row * side + right), row * side + left);
  return part;
}

/**
 * Where the 28 pixels begin along one axis, so that the centre of mass is where MNIST has it and nothing is cut off.
 *
 * @param {Float32Array} part
 * @param {number} side
 * @param {boolean} down along rows, else along columns
 * @param {number} first of the ink
 * @param {number} last of the ink, outside
 * @param {number} scale
 */
function start(part, side, down, first, last, scale) {
  let mass = 0;
  let moment = 0;
  for (let i = 0; i < part.length; i++) {
    mass += part[i];
    moment += part[i] * ((down ? Math.floor(i / side) : i % side) + 0.5);
  }
  return Math.min(Math.max(moment / mass - MIDDLE * scale, last - SIDE * scale), first);
}
