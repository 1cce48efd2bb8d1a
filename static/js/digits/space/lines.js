import { colourMap, colourise } from "../../shared/colours.js";

/**
 * @typedef {[number, number]} Spot on the screen, in CSS pixels
 * @typedef {{from: Spot, to: Spot, contribution: number}} Line
 * @typedef {{ink: string, faint: string, touch: string, touchSoft: string}} Inks
 */

/** Shades of contribution that are told apart: so many strokes are drawn, however many lines there are. */
const SHADES = 24;

/**
 * Lines to a unit's inputs, coloured and widened by contribution, the strongest on top.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Line[]} lines
 * @param {import("../../frame/theme.js").Theme} theme
 */
export function drawLines(context, lines, theme) {
  const largest = Math.max(...lines.map((line) => Math.abs(line.contribution)), 0);
  /** @type {Line[][]} */
  const shades = Array.from({ length: SHADES * 2 + 1 }, () => []);
  for (const line of lines) shades[SHADES + Math.round((SHADES * line.contribution) / (largest || 1))].push(line);
  const map = colourMap("diverging", theme);
  for (let strength = 0; strength <= SHADES; strength++) {
    const share = strength / SHADES;
    context.lineWidth = 0.6 + 1.6 * share;
    context.globalAlpha = 0.25 + 0.75 * share;
    for (const sign of strength ? [-1, 1] : [1]) {
      context.strokeStyle = css(colourise([sign * (0.25 + 0.75 * share)], map, -1, 1)[0]);
      stroke(context, shades[SHADES + sign * strength]);
    }
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Line[]} lines */
function stroke(context, lines) {
  if (!lines.length) return;
  context.beginPath();
  for (const { from, to } of lines) {
    context.moveTo(...from);
    context.lineTo(...to);
  }
  context.stroke();
}

/** @param {number} pixel little-endian RGBA */
function css(pixel) {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}
