import { foldLayers } from "./fold_layers.js";

/**
 * Which blocks to open so that the whole network can be taken in at a glance: level after level, while not more than
 * `most` nodes come of it; a network of one or two blocks is opened in any case.
 *
 * @param {import("./fold_layers.js").Layer[]} layers
 * @param {number} most
 * @returns {Set<string>}
 */
export function openBlocks(layers, most) {
  /** @type {Set<string>} */
  let open = new Set();
  for (;;) {
    const { nodes } = foldLayers(layers, open);
    const folded = nodes.filter((node) => node.folded);
    const next = new Set([...open, ...folded.map(({ name }) => name)]);
    if (!folded.length || (foldLayers(layers, next).nodes.length > most && nodes.length > 6)) return open;
    open = next;
  }
}
