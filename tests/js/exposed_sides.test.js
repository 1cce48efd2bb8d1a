import assert from "node:assert/strict";
import { test } from "node:test";
import { exposedSides } from "../../static/js/lib/exposed_sides.js";
import { networkLayout3d } from "../../static/js/digits/space/layout.js";
import { unitBoxes } from "../../static/js/lib/unit_boxes.js";

const LAYOUT = networkLayout3d(
  [
    { name: "input", shape: [2, 5, 4] },
    { name: "dense", shape: [70] },
    { name: "softmax", shape: [3] },
  ],
  30,
);
const BOXES = unitBoxes(LAYOUT, ({ count }) => ({
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
  const sides = exposedSides(LAYOUT, BOXES);
  const steps = [
    [-1, 0, 1],
    [1, 0, 2],
    [0, -1, 4],
    [0, 1, 8],
  ];
  let covered = 0;
  for (let unit = 0; unit < LAYOUT.count; unit++) {
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
  const bytes = exposedSides(LAYOUT, BOXES, new Uint8Array(4 * LAYOUT.count).fill(99), 4, 3);
  assert.deepEqual([...bytes.slice(0, 3)], [99, 99, 99]);
  assert.equal(bytes[3], exposedSides(LAYOUT, BOXES)[0]);
});
