import assert from "node:assert/strict";
import { test } from "node:test";
import { networkLayout3d } from "../../../../static/js/digits/space/layout.js";

const LAYERS = [[1, 28, 28], [10, 28, 28], [10, 14, 14], [20, 10, 10], [20, 5, 5], [500], [100], [10]].map(
  (shape, i) => ({ name: `layer${i}`, shape }),
);

test("every unit has its number, layer after layer", () => {
  const { layers, count } = networkLayout3d(LAYERS);
  assert.equal(count, 784 + 7840 + 1960 + 2000 + 500 + 500 + 100 + 10);
  assert.deepEqual(
    layers.map(({ start }) => start),
    [0, 784, 8624, 10584, 12584, 13084, 13584, 13684],
  );
});

for (const width of [100, 160, 330]) {
  test(`rows of maps stay within ${width}, and each layer is behind and above the one before`, () => {
    const { layers } = networkLayout3d(LAYERS, width);
    for (const layer of layers) assert.ok(layer.width <= width + 1e-9, layer.name);
    for (let i = 1; i < layers.length; i++) {
      const [before, next] = [layers[i - 1], layers[i]];
      assert.ok(next.z + next.depth / 2 < before.z - before.depth / 2);
      assert.ok(next.y - next.relief > before.y + before.thickness + before.relief);
    }
  });
}

test("a smaller map has larger units and stays smaller", () => {
  const { layers } = networkLayout3d(LAYERS);
  const maps = layers.slice(1, 5);
  for (let i = 1; i < maps.length; i++) {
    assert.ok(maps[i].edge > maps[i - 1].edge);
    assert.ok(maps[i].edge * maps[i].rows < maps[i - 1].edge * maps[i - 1].rows);
  }
});

test("a long vector is folded into rows, a short one is a row of bars", () => {
  const [long, short] = networkLayout3d(
    [
      { name: "flatten", shape: [500] },
      { name: "softmax", shape: [10] },
    ],
    330,
  ).layers;
  assert.deepEqual([long.rows, long.columns, long.maps], [2, 250, 1]);
  assert.deepEqual([short.rows, short.columns, short.maps], [1, 1, 10]);
  assert.ok(short.gap > 0);
});

test("no layers make an empty layout", () => {
  assert.deepEqual(networkLayout3d([]), { layers: [], count: 0 });
});
