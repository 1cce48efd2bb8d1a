/**
 * A network with some of its blocks folded: what is drawn, and what reads what.
 *
 * @typedef {{name: string, inputs: string[]}} Layer
 *
 * @typedef {object} GraphNode
 * @property {string} name of the layer, or path of the block
 * @property {string[]} members names of its layers; one for a layer
 * @property {boolean} folded whether it is a block
 * @property {string[]} within paths of the open blocks that it lies in, outermost first
 *
 * @typedef {{nodes: GraphNode[], edges: [number, number][]}} Graph
 */

/**
 * @param {Layer[]} layers in the order in which they run
 * @param {Set<string>} open paths of blocks that are not folded
 * @returns {Graph} nodes in the order in which their first layers run
 */
export function foldLayers(layers, open) {
  const blocks = sizes(layers);
  /** @type {Map<string, GraphNode>} */
  const nodes = new Map();
  /** @type {Map<string, number>} */
  const nodeOf = new Map();
  for (const { name } of layers) {
    const paths = pathsOf(name).filter((path) => (blocks.get(path) ?? 0) > 1);
    const folded = paths.find((path) => !open.has(path));
    const key = folded ?? name;
    if (!nodes.has(key))
      nodes.set(key, {
        name: key,
        members: [],
        folded: folded !== undefined,
        within: paths.slice(0, folded === undefined ? undefined : paths.indexOf(folded)),
      });
    nodes.get(key)?.members.push(name);
    nodeOf.set(name, [...nodes.keys()].indexOf(key));
  }
  /** @type {Map<string, [number, number]>} */
  const edges = new Map();
  for (const { name, inputs } of layers) {
    const to = nodeOf.get(name) ?? 0;
    for (const input of inputs) {
      const from = nodeOf.get(input);
      if (from !== undefined && from < to) edges.set(`${from} ${to}`, [from, to]);
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** How many layers each block has. @param {Layer[]} layers @returns {Map<string, number>} */
function sizes(layers) {
  const found = new Map();
  for (const { name } of layers) for (const path of pathsOf(name)) found.set(path, (found.get(path) ?? 0) + 1);
  return found;
}

/** "a.b.c:1" to "a", "a.b". @param {string} name */
function pathsOf(name) {
  const parts = name.split(":")[0].split(".").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("."));
}
