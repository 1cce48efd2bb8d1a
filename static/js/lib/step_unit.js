import { unitAt } from "./unit_at.js";
import { unitSquare } from "./unit_square.js";

/**
 * @typedef {{layer: string, index: number}} UnitPlace
 */

/**
 * The unit that a key leads to: arrows to the next cell of the layer (over a gap into the next map), PageUp and PageDown
 * to the layer before or after, at about the same place.
 *
 * @param {import("../digits/flat/layout.js").NetworkLayout} layout
 * @param {UnitPlace} from
 * @param {string} key name as in KeyboardEvent.key
 * @returns {UnitPlace | null} null for other keys; the same unit where there is no further one
 */
export function stepUnit(layout, from, key) {
  const shown = layout.blocks.filter((block) => !block.hidden);
  const at = shown.findIndex((block) => block.name === from.layer);
  if (at < 0) return null;
  const block = shown[at];
  /** @type {Record<string, [number, number]>} */
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (arrows[key]) return neighbour(block, from, arrows[key]);
  if (key === "PageUp" || key === "PageDown")
    return across(block, shown[at + (key === "PageUp" ? -1 : 1)] ?? block, from);
  return null;
}

/**
 * @param {import("../digits/flat/layout.js").Block} block
 * @param {UnitPlace} from
 * @param {[number, number]} direction
 */
function neighbour(block, from, [right, down]) {
  const { x, y, side } = unitSquare(block, from.index);
  const middle = side / 2;
  for (const leap of [0, block.gap]) {
    const found = unitAt(
      { width: 0, height: 0, label: 0, blocks: [block] },
      x + middle + right * (side + leap),
      y + middle + down * (side + leap),
    );
    if (found) return found;
  }
  return from;
}

/**
 * @param {import("../digits/flat/layout.js").Block} block
 * @param {import("../digits/flat/layout.js").Block} next
 * @param {UnitPlace} from
 */
function across(block, next, from) {
  return {
    layer: next.name,
    index: Math.min(next.units - 1, Math.floor(((from.index + 0.5) / block.units) * next.units)),
  };
}
