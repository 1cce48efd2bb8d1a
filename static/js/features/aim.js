import { unitFor } from "../shared/units.js";

/**
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("../shared/units.js").Place} Place
 * @typedef {"" | "map" | "unit"} Aim what is asked about: the class, all of the chosen map, or its pinned number
 */

/**
 * What the server calls units of a layer that are asked about: a number for each axis, or FROM:END.
 *
 * @param {Layer} layer
 * @param {Place} place
 * @param {"map" | "unit"} aim
 */
export function targetOf(layer, place, aim) {
  const { name, shape } = layer;
  const across = aim === "map" ? axesOfMap(layer) : [];
  const spans = unitFor(place, layer).map((at, axis) => (across.includes(axis) ? `0:${shape[axis]}` : String(at)));
  return `${name}@${spans.join(",")}`;
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
