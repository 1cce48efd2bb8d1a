import assert from "node:assert/strict";
import { test } from "node:test";
import { foldLayers } from "../../static/js/lib/fold_layers.js";

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
