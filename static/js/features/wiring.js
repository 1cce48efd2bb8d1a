/**
 * Where the nodes and wires of a network lie. Columns go with the flow; the longest path is lane 0, side branches take
 * the lanes below it (1, 2, ...), wires without nodes, such as shortcuts, the lanes above (-1, -2, ...).
 *
 * @typedef {{column: number, lane: number}} Spot
 * @typedef {{from: number, to: number, lane: number}} Wire lane: the one in which it runs between its ends
 * @typedef {{spots: Spot[], wires: Wire[], columns: number, above: number, below: number}} GraphLayout
 */

/**
 * @param {number} count of nodes, numbered so that every edge goes from a smaller to a larger number
 * @param {[number, number][]} edges
 * @returns {GraphLayout}
 */
export function graphLayout(count, edges) {
  const before = Array.from({ length: count }, () => /** @type {number[]} */ ([]));
  const after = Array.from({ length: count }, () => /** @type {number[]} */ ([]));
  for (const [from, to] of edges) {
    before[to].push(from);
    after[from].push(to);
  }
  const column = longest(count, before);
  const left = longest(count, after.map((list) => list.map((to) => count - 1 - to)).reverse()).reverse();
  const chains = chainsOf(count, before, after, column, left);
  const lanes = laneOfChains(chains, after, column);
  const shelf = /** @type {number[][]} */ ([]);
  /** @type {Map<number, number>} lanes of the shortcuts that leave a node: they share one */
  const shared = new Map();
  const wires = edges.map(([from, to]) => ({ from, to, lane: wireLane(from, to) }));
  return {
    spots: column.map((each, node) => ({ column: each, lane: lanes[node] })),
    wires,
    columns: Math.max(0, ...column) + 1,
    above: shelf.length,
    below: Math.max(0, ...lanes),
  };

  /** @param {number} from @param {number} to */
  function wireLane(from, to) {
    if (column[to] === column[from] + 1) return lanes[to] > lanes[from] ? lanes[to] : lanes[from];
    const leaves = lanes[from] > lanes[to] && after[from].length === 1;
    if (leaves) return lanes[from];
    if (!shared.has(from))
      shared.set(from, -1 - take(shelf, column[from] + 1, Math.max(...after[from].map((each) => column[each])) - 1));
    return shared.get(from) ?? -1;
  }
}

/** The longest way to each node. @param {number} count @param {number[][]} before */
function longest(count, before) {
  const steps = new Array(count).fill(0);
  for (let node = 0; node < count; node++)
    for (const from of before[node]) steps[node] = Math.max(steps[node], steps[from] + 1);
  return /** @type {number[]} */ (steps);
}

/**
 * Paths on which every node follows on its latest input; the longest first.
 *
 * @param {number} count
 * @param {number[][]} before
 * @param {number[][]} after
 * @param {number[]} column
 * @param {number[]} left steps to the end
 */
function chainsOf(count, before, after, column, left) {
  const latest = before.map((list) =>
    list.reduce((best, from) => (best < 0 || column[from] > column[best] ? from : best), -1),
  );
  const follower = after.map((list, node) =>
    list.filter((to) => latest[to] === node).reduce((best, to) => (best < 0 || left[to] > left[best] ? to : best), -1),
  );
  /** @type {number[][]} */
  const chains = [];
  for (let node = 0; node < count; node++) {
    if (latest[node] >= 0 && follower[latest[node]] === node) continue;
    const chain = [];
    for (let at = node; at >= 0; at = follower[at]) chain.push(at);
    chains.push(chain);
  }
  return chains.sort((a, b) => b.length - a.length);
}

/** @param {number[][]} chains @param {number[][]} after @param {number[]} column */
function laneOfChains(chains, after, column) {
  const lanes = /** @type {number[]} */ ([]);
  const taken = /** @type {number[][]} */ ([]);
  for (const chain of chains) {
    const last = chain[chain.length - 1];
    const end = Math.max(column[last], ...after[last].map((to) => column[to] - 1));
    const lane = take(taken, column[chain[0]], end);
    for (const node of chain) lanes[node] = lane;
  }
  return lanes;
}

/**
 * The first lane that is free from one column to another, and now no longer.
 *
 * @param {number[][]} lanes each a flat list of first and last columns
 * @param {number} first
 * @param {number} last
 */
function take(lanes, first, last) {
  const free = lanes.findIndex((lane) => lane.every((_, i) => i % 2 === 1 || last < lane[i] || first > lane[i + 1]));
  const lane = free < 0 ? lanes.push([]) - 1 : free;
  lanes[lane].push(first, last);
  return lane;
}

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

/**
 * Which blocks to open so that the whole network can be taken in at a glance: level after level, while not more than
 * `most` nodes come of it; a network of one or two blocks is opened in any case.
 *
 * @param {Layer[]} layers
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

/**
 * Layers in the order in which they run, those that follow one another in a block, or in a block within it, together.
 *
 * @template {{name: string}} L
 * @param {L[]} layers
 * @returns {{block: string, members: L[]}[]} block is "" for a layer that stands alone
 */
export function inBlocks(layers) {
  /** @type {{block: string, members: L[]}[]} */
  const groups = [];
  for (const layer of layers) {
    const block = pathsOf(layer.name).at(-1) ?? "";
    const last = groups.at(-1);
    if (last?.block && `${block}.`.startsWith(`${last.block}.`)) last.members.push(layer);
    else groups.push({ block, members: [layer] });
  }
  return groups;
}

/**
 * How large a layer is drawn: higher the more pixels a side its maps have, wider the more maps; by powers of two.
 *
 * @param {number[]} shape
 * @param {string} layout "CHW", "HWC" or "Z"
 * @returns {{width: number, height: number}} in pixels
 */
export function nodeBox(shape, layout) {
  const [channels, rows] =
    layout === "HWC"
      ? [shape[2], shape[0]]
      : shape.length === 3
        ? [shape[0], shape[1]]
        : [shape[shape.length - 1] ?? 1, 1];
  return { width: 6 + 4 * Math.log2(channels + 1), height: 8 + 7 * Math.log2(rows) };
}

/** Whether an operation is a ReLU, with a ceiling or without. @param {string} operation */
export const isRelu = (operation) => operation === "relu" || operation === "relu6";

const CHANGING = new Set([
  "relu",
  "relu6",
  "batch_norm",
  "max_pool2d",
  "avg_pool2d",
  "adaptive_avg_pool2d",
  "identity",
  "dropout",
]);

/**
 * The layer that made the maps which another only changes value by value or place by place.
 *
 * @template {{name: string, operation: string, inputs: string[]}} L
 * @param {L[]} layers
 * @param {string} [from]
 * @returns {L | undefined}
 */
export function makerOf(layers, from) {
  let layer = layers.find(({ name }) => name === from);
  while (layer && CHANGING.has(layer.operation) && layer.inputs.length === 1) {
    const [before] = layer.inputs;
    layer = layers.find(({ name }) => name === before);
  }
  return layer;
}
