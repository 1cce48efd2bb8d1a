import assert from "node:assert/strict";
import { test } from "node:test";
import { foldLayers } from "../../static/js/lib/fold_layers.js";
import { openBlocks } from "../../static/js/lib/open_blocks.js";

/** @param {string[]} names */
const chain = (...names) => names.map((name, i) => ({ name, inputs: i ? [names[i - 1]] : [] }));

test("as many levels are open as there is room for", () => {
  const blocks = [1, 2, 3, 4].flatMap((block) =>
    [0, 1].flatMap((part) => ["conv", "norm", "relu"].map((name) => `layer${block}.${part}.${name}`)),
  );
  const layers = chain("input", "conv1", "pool", ...blocks, "fc");
  assert.deepEqual([...openBlocks(layers, 12)].sort(), ["layer1", "layer2", "layer3", "layer4"]);
  assert.equal(openBlocks(layers, 11).size, 0);
  assert.equal(foldLayers(layers, openBlocks(layers, 99)).nodes.length, layers.length);
});

test("a network that is all one block is opened although it is long", () => {
  const layers = chain(
    "input",
    ...Array.from({ length: 31 }, (_, i) => `features.${i}`),
    "classifier.0",
    "classifier.1",
  );
  assert.deepEqual([...openBlocks(layers, 16)].sort(), ["classifier", "features"]);
});
