import assert from "node:assert/strict";
import { test } from "node:test";
import { networkLayout3d } from "../../static/js/digits/space/layout.js";
import { unitBoxes } from "../../static/js/lib/unit_boxes.js";

const LAYOUT = networkLayout3d(
  [
    { name: "input", shape: [1, 4, 4] },
    { name: "conv", shape: [5, 3, 2] },
    { name: "dense", shape: [50] },
    { name: "softmax", shape: [4] },
  ],
  16,
);

/** @param {ArrayLike<number>} boxes @param {number} unit */
const box = (boxes, unit) => Array.from(boxes).slice(6 * unit, 6 * unit + 6);

test("no two boxes share any room, whatever their values", () => {
  const boxes = unitBoxes(LAYOUT, ({ count }) => ({
    data: Array.from({ length: count }, (_, i) => Math.sin(9 * i)),
    high: 1,
  }));
  for (let a = 0; a < LAYOUT.count; a++) {
    for (let b = 0; b < a; b++) {
      const [p, q] = [box(boxes, a), box(boxes, b)];
      assert.ok(
        [0, 1, 2].some((axis) => p[axis] >= q[axis + 3] - 1e-5 || q[axis] >= p[axis + 3] - 1e-5),
        `${a} and ${b}`,
      );
    }
  }
});

test("columns run to the right, rows to the front, maps follow one another", () => {
  const boxes = unitBoxes(LAYOUT, () => null);
  const [first, right, front, map] = [16, 17, 18, 22].map((unit) => box(boxes, unit));
  assert.equal(right[0], first[3]);
  assert.equal(right[2], first[2]);
  assert.equal(front[2], first[5]);
  assert.equal(front[0], first[0]);
  assert.ok(map[0] > right[3]);
});

test("a value adds its share of the relief, up or down, and the range clips it", () => {
  const [layer] = LAYOUT.layers;
  const boxes = unitBoxes(LAYOUT, ({ name }) =>
    name === "input" ? { data: [0, 1, -1, 4, ...Array(12).fill(0)], high: 2 } : null,
  );
  const spans = [0, 1, 2, 3].map((unit) => [
    box(boxes, unit)[1] - layer.y,
    box(boxes, unit)[4] - layer.y - layer.thickness,
  ]);
  const expected = [
    [0, 0],
    [0, layer.relief / 2],
    [-layer.relief / 2, 0],
    [0, layer.relief],
  ];
  spans.flat().forEach((span, i) => assert.ok(Math.abs(span - expected.flat()[i]) < 1e-6));
});
