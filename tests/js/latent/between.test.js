import assert from "node:assert/strict";
import { test } from "node:test";
import { spherical, lerp, nearestCodes, gatherPictures } from "../../../static/js/latent/between.js";

test("an arc keeps the length between codes of one length", () => {
  const middle = spherical([2, 0, 0], [0, 2, 0], 0.5);
  assert.ok(Math.abs(Math.hypot(...middle) - 2) < 1e-9);
  assert.ok(Math.abs(middle[0] - middle[1]) < 1e-9);
});

test("codes that have no arc between them go straight", () => {
  assert.deepEqual(spherical([0, 0], [2, 4], 0.5), [1, 2]);
  assert.deepEqual(spherical([1, 1], [3, 3], 0.5), [2, 2]);
});

test("half way is the mean", () => {
  assert.deepEqual(lerp([0, 2], [4, -2], 0.5), [2, 0]);
});

test("the nearest come first, with their distances", () => {
  const codes = Float32Array.from([0, 0, 3, 4, 1, 0, -10, 0]);
  assert.deepEqual(nearestCodes(codes, [0, 0], 3), [
    { index: 0, distance: 0 },
    { index: 2, distance: 1 },
    { index: 1, distance: 5 },
  ]);
});

test("pictures follow one another", () => {
  const all = gatherPictures([new Float32Array(784).fill(1), new Float32Array(784).fill(2)]);
  assert.deepEqual([all.length, all[783], all[784]], [1568, 1, 2]);
});
