import assert from "node:assert/strict";
import { test } from "node:test";
import {
  graphLayout,
  foldLayers,
  openBlocks,
  inBlocks,
  isRelu,
  nodeBox,
  makerOf,
} from "../../../static/js/features/wiring.js";

test("a chain is one straight line", () => {
  const { spots, wires, columns, above, below } = graphLayout(3, [
    [0, 1],
    [1, 2],
  ]);
  assert.deepEqual(spots, [
    { column: 0, lane: 0 },
    { column: 1, lane: 0 },
    { column: 2, lane: 0 },
  ]);
  assert.deepEqual(
    wires.map(({ lane }) => lane),
    [0, 0],
  );
  assert.deepEqual([columns, above, below], [3, 0, 0]);
});

test("a shortcut without layers runs above, a branch with layers below", () => {
  const block = graphLayout(5, [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
    [3, 4],
  ]);
  assert.deepEqual(
    block.spots.map(({ lane }) => lane),
    [0, 0, 0, 0, 0],
  );
  assert.equal(block.wires[3].lane, -1);
  const branch = graphLayout(6, [
    [0, 1],
    [1, 2],
    [0, 3],
    [2, 4],
    [3, 4],
    [4, 5],
  ]);
  assert.deepEqual(branch.spots[3], { column: 1, lane: 1 });
  assert.deepEqual(branch.spots[4], { column: 3, lane: 0 });
  assert.equal(branch.wires[4].lane, 1);
});

test("two shortcuts that overlap have lanes of their own, later ones use them again", () => {
  const { wires, above } = graphLayout(8, [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
    [5, 6],
    [6, 7],
    [0, 3],
    [1, 4],
    [5, 7],
  ]);
  const [first, second, third] = wires.slice(-3).map(({ lane }) => lane);
  assert.notEqual(first, second);
  assert.ok(third === first || third === second);
  assert.equal(above, 2);
});

test("no two nodes lie in one place, and no wire runs through a node", () => {
  for (let seed = 1; seed < 60; seed++) {
    const count = 3 + (seed % 17);
    const next = random(seed);
    /** @type {[number, number][]} */
    const edges = [];
    for (let to = 1; to < count; to++) {
      const from = new Set([next(to), ...(next(3) === 0 ? [next(to)] : []), ...(next(4) === 0 ? [next(to)] : [])]);
      for (const each of from) edges.push([each, to]);
    }
    const { spots, wires } = graphLayout(count, edges);
    assert.equal(new Set(spots.map(({ column, lane }) => `${column} ${lane}`)).size, count, `seed ${seed}`);
    for (const { from, to, lane } of wires) {
      assert.ok(spots[from].column < spots[to].column);
      const crossed = spots.filter(
        (spot) => spot.lane === lane && spot.column > spots[from].column && spot.column < spots[to].column,
      );
      assert.deepEqual(crossed, [], `seed ${seed}: ${from} to ${to}`);
    }
  }
});

/** @param {number} seed @returns {(below: number) => number} */
function random(seed) {
  let state = seed * 7919;
  return (below) => ((state = (state * 1103515245 + 12345) % 2147483648), Math.floor((state / 2147483648) * below));
}

/** @param {string} name @param {string[]} inputs */
const layer = (name, ...inputs) => ({ name, inputs });
const layers = [
  layer("input"),
  layer("conv1", "input"),
  layer("layer1.0.conv1", "conv1"),
  layer("layer1.0.relu", "layer1.0.conv1"),
  layer("layer1.0.add", "layer1.0.relu", "conv1"),
  layer("layer1.0.relu:1", "layer1.0.add"),
  layer("layer1.1.conv1", "layer1.0.relu:1"),
  layer("layer1.1.add", "layer1.1.conv1", "layer1.0.relu:1"),
  layer("head.fc", "layer1.1.add"),
];

test("a folded block is one node, and a wire within it is gone", () => {
  const { nodes, edges } = foldLayers(layers, new Set());
  assert.deepEqual(
    nodes.map(({ name, folded }) => [name, folded]),
    [
      ["input", false],
      ["conv1", false],
      ["layer1", true],
      ["head.fc", false],
    ],
  );
  assert.equal(nodes[2].members.length, 6);
  assert.deepEqual(edges, [
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test("an open block shows its own blocks, and says where they lie", () => {
  const { nodes, edges } = foldLayers(layers, new Set(["layer1", "layer1.1"]));
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ["input", "conv1", "layer1.0", "layer1.1.conv1", "layer1.1.add", "head.fc"],
  );
  assert.deepEqual(nodes[3].within, ["layer1", "layer1.1"]);
  assert.deepEqual(nodes[2].within, ["layer1"]);
  assert.deepEqual(edges, [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [2, 4],
    [4, 5],
  ]);
});

test("a block of one layer is that layer", () => {
  assert.equal(
    foldLayers(layers, new Set()).nodes.some(({ name }) => name === "head"),
    false,
  );
});

/** @param {string[]} names */
const chain = (...names) => names.map((name, i) => ({ name, inputs: i ? [names[i - 1]] : [] }));

test("as many levels are open as there is room for", () => {
  const blocks = [1, 2, 3, 4].flatMap((block) =>
    [0, 1].flatMap((part) => ["conv", "norm", "relu"].map((name) => `layer${block}.${part}.${name}`)),
  );
  const network = chain("input", "conv1", "pool", ...blocks, "fc");
  assert.deepEqual([...openBlocks(network, 12)].sort(), ["layer1", "layer2", "layer3", "layer4"]);
  assert.equal(openBlocks(network, 11).size, 0);
  assert.equal(foldLayers(network, openBlocks(network, 99)).nodes.length, network.length);
});

test("a network that is all one block is opened although it is long", () => {
  const network = chain(
    "input",
    ...Array.from({ length: 31 }, (_, i) => `features.${i}`),
    "classifier.0",
    "classifier.1",
  );
  assert.deepEqual([...openBlocks(network, 16)].sort(), ["classifier", "features"]);
});

test("half the side is a step lower, more maps are wider", () => {
  const [large, small] = [nodeBox([64, 56, 56], "CHW"), nodeBox([128, 28, 28], "CHW")];
  assert.ok(Math.abs(large.height - small.height - 7) < 1e-9);
  assert.ok(small.width > large.width);
});

test("channels last is the same layer, and a vector is flat", () => {
  assert.deepEqual(nodeBox([56, 56, 96], "HWC"), nodeBox([96, 56, 56], "CHW"));
  assert.equal(nodeBox([1000], "Z").height, 8);
});

/** @type {(name: string, operation: string, ...inputs: string[]) => {name: string, operation: string, inputs: string[]}} */
const call = (name, operation, ...inputs) => ({ name, operation, inputs });
const network = [
  call("input", "input"),
  call("conv1", "conv2d", "input"),
  call("norm1", "batch_norm", "conv1"),
  call("relu1", "relu", "norm1"),
  call("pool1", "max_pool2d", "relu1"),
  call("add", "add", "pool1", "conv1"),
];

test("maps are made by the convolution before normalisation, ReLU and pooling", () => {
  assert.equal(makerOf(network, "pool1")?.name, "conv1");
  assert.equal(makerOf(network, "conv1")?.name, "conv1");
});

test("an addition is a maker of its own, and an unknown name has none", () => {
  assert.equal(makerOf(network, "add")?.name, "add");
  assert.equal(makerOf(network, "nowhere"), undefined);
});

test("layers that follow one another in a block lie together, in order", () => {
  const names = ["stem.pad", "stem.conv", "relu", "a.b1.x", "a.b1.y.pad", "a.b1.y.conv", "a.b1.z", "a.b2.x", "dense"];
  const groups = inBlocks(names.map((name) => ({ name })));
  assert.deepEqual(
    groups.map(({ block, members }) => [block, members.length]),
    [
      ["stem", 2],
      ["", 1],
      ["a.b1", 4],
      ["a.b2", 1],
      ["", 1],
    ],
  );
  assert.deepEqual(
    groups.flatMap(({ members }) => members.map(({ name }) => name)),
    names,
  );
});

test("a ReLU with a ceiling is a ReLU, and no other operation is", () => {
  assert.deepEqual(["relu", "relu6", "gelu", "conv2d"].map(isRelu), [true, true, false, false]);
});
