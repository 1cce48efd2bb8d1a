import assert from "node:assert/strict";
import { test } from "node:test";
import { networkLayout3d, unitBoxes, exposedSides, spreadLabels } from "../../../../static/js/digits/space/layout.js";

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

const SMALL = networkLayout3d(
  [
    { name: "input", shape: [2, 5, 4] },
    { name: "dense", shape: [70] },
    { name: "softmax", shape: [3] },
  ],
  30,
);
const BOXES = unitBoxes(SMALL, ({ count }) => ({
  data: Array.from({ length: count }, (_, i) => Math.round(3 * Math.sin(5 * i)) / 3),
  high: 1,
}));

/** Whether a place lies within any box. @param {number[]} place */
function inside(place) {
  for (let at = 0; at < BOXES.length; at += 6) {
    if (place.every((each, axis) => each > BOXES[at + axis] && each < BOXES[at + 3 + axis])) return true;
  }
  return false;
}

test("a side is exposed where some place just outside it is in no box", () => {
  const sides = exposedSides(SMALL, BOXES);
  const steps = [
    [-1, 0, 1],
    [1, 0, 2],
    [0, -1, 4],
    [0, 1, 8],
  ];
  let covered = 0;
  for (let unit = 0; unit < SMALL.count; unit++) {
    const [x0, y0, z0, x1, y1, z1] = BOXES.subarray(6 * unit, 6 * unit + 6);
    for (const [right, front, bit] of steps) {
      const x = (x0 + x1) / 2 + right * ((x1 - x0) / 2 + 0.01);
      const z = (z0 + z1) / 2 + front * ((z1 - z0) / 2 + 0.01);
      const open = [0.001, 0.25, 0.5, 0.75, 0.999].some((share) => !inside([x, y0 + share * (y1 - y0), z]));
      assert.equal(Boolean(sides[unit] & bit), open, `unit ${unit}, side ${bit}`);
      covered += open ? 0 : 1;
    }
  }
  assert.ok(covered > 40);
});

test("writes among other bytes", () => {
  const bytes = exposedSides(SMALL, BOXES, new Uint8Array(4 * SMALL.count).fill(99), 4, 3);
  assert.deepEqual([...bytes.slice(0, 3)], [99, 99, 99]);
  assert.equal(bytes[3], exposedSides(SMALL, BOXES)[0]);
});

test("labels with room stay where they are", () => {
  assert.deepEqual(spreadLabels([50, 10, 30], 12, 0, 100), [50, 10, 30]);
});

test("two at the same place give way alike", () => {
  assert.deepEqual(spreadLabels([40, 40], 10, 0, 100), [35, 45]);
});

test("a crowd keeps its order, overlaps nowhere and moves least", () => {
  const wanted = [20, 22, 23, 60, 61];
  const places = spreadLabels(wanted, 10, 0, 100);
  for (let i = 1; i < places.length; i++) assert.ok(places[i] - places[i - 1] >= 10 - 1e-9);
  const cost = (/** @type {number[]} */ at) => at.reduce((sum, each, i) => sum + (each - wanted[i]) ** 2, 0);
  for (let shift = -3; shift <= 3; shift += 0.5) {
    assert.ok(cost(places) <= cost(places.map((each, i) => (i < 3 ? each + shift : each))) + 1e-9);
  }
});

test("none leaves the line where all have room on it", () => {
  const places = spreadLabels([-5, 0, 98, 120], 10, 0, 100);
  assert.deepEqual(places, [5, 15, 85, 95]);
});
