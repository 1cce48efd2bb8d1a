import { unitFor } from "../shared/units.js";

/**
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("../shared/units.js").Place} Place
 * @typedef {"" | "map" | "square" | "unit"} Aim what is asked about: the class, all of the chosen map, a square of it
 *   around its pinned number, or that number alone
 */

export const AROUND = [3, 5, 7, 9, 11, 15, 21];

/**
 * What the server calls units of a layer that are asked about: a number for each axis, or FROM:END.
 *
 * @param {Layer} layer
 * @param {Place} place
 * @param {"map" | "square" | "unit"} aim
 * @param {number} around side of the square, odd
 */
export function targetOf(layer, place, aim, around = 1) {
  const { name, shape } = layer;
  const across = aim === "unit" ? [] : axesOfMap(layer);
  const side = aim === "map" ? Infinity : around;
  const spans = unitFor(place, layer).map((at, axis) =>
    across.includes(axis) ? spanAround(at, side, shape[axis]).join(":") : String(at),
  );
  return `${name}@${spans.join(",")}`;
}

/**
 * The `side` places about one, as far as there are so many: the first, and the one after the last.
 *
 * @param {number} at
 * @param {number} side
 * @param {number} length
 * @returns {[number, number]}
 */
export function spanAround(at, side, length) {
  const half = (side - 1) / 2;
  return [Math.max(0, at - half), Math.min(length, at + half + 1)];
}

/** The axes that a map lies along. @param {Layer} layer */
function axesOfMap({ layout, shape }) {
  if (shape.length < 2) return [];
  if (shape.length === 2) return [layout === "CT" ? 1 : 0];
  return layout === "HWC" ? [0, 1] : [shape.length - 2, shape.length - 1];
}

/**
 * The names of all layers that what a layer says comes from.
 *
 * @param {Layer[]} layers
 * @param {string} name
 * @returns {Set<string>}
 */
export function onTheWay(layers, name) {
  const inputs = new Map(layers.map((layer) => [layer.name, layer.inputs]));
  /** @type {Set<string>} */
  const found = new Set();
  const coming = [name];
  for (let next = coming.pop(); next !== undefined; next = coming.pop())
    for (const input of inputs.get(next) ?? [])
      if (!found.has(input)) {
        found.add(input);
        coming.push(input);
      }
  return found;
}
