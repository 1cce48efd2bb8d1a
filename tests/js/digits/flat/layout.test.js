import assert from "node:assert/strict";
import { test } from "node:test";
import { networkLayout2d } from "../../../../static/js/digits/flat/layout.js";

const LAYERS = [
  { name: "input", shape: [1, 28, 28] },
  { name: "conv1", shape: [10, 28, 28] },
  { name: "pool1", shape: [10, 14, 14] },
  { name: "conv2", shape: [20, 10, 10] },
  { name: "flatten", shape: [500] },
  { name: "dense1", shape: [100] },
  { name: "relu3", shape: [100] },
  { name: "dense2", shape: [10] },
  { name: "softmax", shape: [10] },
];

for (const [width, ratio] of [
  [328, 3],
  [480, 2],
  [684, 1],
  [1000, 1.5],
  [1400, 2],
]) {
  test(`at ${width} pixels, ratio ${ratio}, nothing leaves the width and no two layers meet`, () => {
    const { blocks, height } = networkLayout2d(LAYERS, width, { ratio });
    assert.equal(blocks.length, LAYERS.length);
    for (const block of blocks) {
      assert.ok(block.x + block.width <= width + 1e-6, block.name);
      assert.ok(block.bottom <= height + 1e-6, block.name);
      assert.equal(block.units, block.name === "input" ? 784 : block.units);
      assert.ok(
        Math.abs(block.cell * ratio - Math.round(block.cell * ratio)) < 1e-6,
        `${block.name}: a cell is whole device pixels`,
      );
      const rows = Math.ceil(block.maps / block.mapsPerRow) * (block.rows * block.cell + block.gap) - block.gap;
      assert.ok(block.top + rows <= block.bottom + 1e-6, block.name);
      for (const other of blocks) {
        if (other === block) continue;
        const apart =
          other.y >= block.bottom ||
          block.y >= other.bottom ||
          other.x >= block.x + block.width ||
          block.x >= other.x + other.width;
        assert.ok(apart, `${block.name} and ${other.name}`);
      }
    }
  });
}

test("on a laptop all layers of the digit network fit on one screen", () => {
  assert.ok(networkLayout2d(LAYERS, 684).height < 640);
});

test("a hidden layer leaves its label alone and the others move up", () => {
  const whole = networkLayout2d(LAYERS, 684);
  const { blocks, height } = networkLayout2d(LAYERS, 684, { hidden: ["conv1"] });
  const hidden = blocks[1];
  assert.ok(hidden.hidden && hidden.bottom - hidden.y < 20);
  assert.ok(height < whole.height - 40);
});

test("labels are larger where there is more room", () => {
  const heights = [360, 684, 1000, 2000].map((width) =>
    networkLayout2d(LAYERS, width).blocks.map(({ y, top }) => Math.round(top - y)),
  );
  assert.deepEqual(
    heights.map((all) => new Set(all)),
    [18, 18, 22, 28].map((height) => new Set([height])),
  );
});
