import assert from "node:assert/strict";
import { test } from "node:test";
import { networkLayout2d, unitAt, stepUnit, unitSquare } from "../../../../static/js/digits/flat/layout.js";

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

const wrapped = {
  name: "a",
  x: 10,
  y: 0,
  top: 20,
  width: 0,
  bottom: 0,
  hidden: false,
  maps: 3,
  mapsPerRow: 2,
  rows: 4,
  columns: 5,
  cell: 2,
  gap: 3,
  units: 60,
};

test("units follow one another row by row, maps too", () => {
  assert.deepEqual(unitSquare(wrapped, 0), { x: 10, y: 20, side: 2 });
  assert.deepEqual(unitSquare(wrapped, 7), { x: 14, y: 22, side: 2 });
  assert.deepEqual(unitSquare(wrapped, 20), { x: 23, y: 20, side: 2 });
  assert.deepEqual(unitSquare(wrapped, 40), { x: 10, y: 31, side: 2 });
});

const layout = networkLayout2d(
  [
    { name: "input", shape: [1, 28, 28] },
    { name: "maps", shape: [7, 6, 9] },
    { name: "line", shape: [130] },
  ],
  300,
  { ratio: 2 },
);

test("the middle of every unit's square leads back to it", () => {
  for (const block of layout.blocks) {
    for (let index = 0; index < block.units; index++) {
      const { x, y, side } = unitSquare(block, index);
      assert.deepEqual(unitAt(layout, x + side / 2, y + side / 2), { layer: block.name, index });
    }
  }
});

test("between maps, on labels and beyond a vector's end there is no unit", () => {
  const [, maps, line] = layout.blocks;
  assert.equal(unitAt(layout, maps.x + maps.columns * maps.cell + maps.gap / 2, maps.top + 1), null);
  assert.equal(unitAt(layout, maps.x + 2, maps.y + 5), null);
  const last = unitSquare(line, line.units - 1);
  assert.equal(unitAt(layout, last.x + 1.5 * last.side, last.y + last.side / 2), null);
});

test("a hidden layer is not found", () => {
  const hidden = networkLayout2d([{ name: "input", shape: [1, 28, 28] }], 300, { hidden: ["input"] });
  assert.equal(unitAt(hidden, 5, 25), null);
});

const small = networkLayout2d(
  [
    { name: "input", shape: [1, 4, 4] },
    { name: "maps", shape: [2, 4, 4] },
    { name: "line", shape: [8] },
  ],
  300,
);

/** @param {string} key */
const press = (key, held = {}) => ({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });

test("arrows walk a map, over its edge into the next one, and stop at the end", () => {
  assert.deepEqual(stepUnit(small, { layer: "maps", index: 0 }, press("ArrowDown")), { layer: "maps", index: 4 });
  assert.deepEqual(stepUnit(small, { layer: "maps", index: 3 }, press("ArrowRight")), { layer: "maps", index: 16 });
  assert.deepEqual(stepUnit(small, { layer: "maps", index: 16 }, press("ArrowLeft")), { layer: "maps", index: 3 });
  assert.deepEqual(stepUnit(small, { layer: "maps", index: 0 }, press("ArrowUp")), { layer: "maps", index: 0 });
});

test("Page Down and Page Up change the layer, over hidden ones", () => {
  assert.deepEqual(stepUnit(small, { layer: "maps", index: 31 }, press("PageDown")), { layer: "line", index: 7 });
  assert.deepEqual(stepUnit(small, { layer: "input", index: 5 }, press("PageUp")), { layer: "input", index: 5 });
  const hidden = networkLayout2d(
    [
      { name: "input", shape: [1, 4, 4] },
      { name: "maps", shape: [2, 4, 4] },
      { name: "line", shape: [8] },
    ],
    300,
    { hidden: ["maps"] },
  );
  assert.deepEqual(stepUnit(hidden, { layer: "input", index: 0 }, press("PageDown")), { layer: "line", index: 0 });
});

test("Home and End lead along the row over all maps, with Ctrl to the first and the last unit", () => {
  const of = (/** @type {string} */ key, held = {}) =>
    stepUnit(small, { layer: "maps", index: 21 }, press(key, held))?.index;
  assert.deepEqual([of("Home"), of("End")], [4, 23]);
  assert.deepEqual([of("Home", { ctrlKey: true }), of("End", { ctrlKey: true })], [0, 31]);
  const short = networkLayout2d([{ name: "line", shape: [130] }], 300);
  const [{ columns, rows }] = short.blocks;
  assert.ok(rows * columns > 130, "its last row is short");
  assert.equal(stepUnit(short, { layer: "line", index: 0 }, press("End", { ctrlKey: true }))?.index, 129);
});

test("other keys lead nowhere", () => {
  assert.equal(stepUnit(small, { layer: "maps", index: 0 }, press("a")), null);
});
