import assert from "node:assert/strict";
import { test } from "node:test";
import { moveAbove, project } from "../../static/js/lib/projection.js";

const directions = {
  mean: [1, 0, 0],
  axes: [
    [0, 1, 0],
    [0.6, 0, 0.8],
  ],
};

test("a code lands where it was moved to, and what the map does not show stays", () => {
  const moved = moveAbove([2, 3, 4], [-1, 5], directions);
  project(moved, directions).forEach((value, i) => assert.ok(Math.abs(value - [-1, 5][i]) < 1e-9));
  const hidden = (/** @type {number[]} */ z) => 0.8 * z[0] - 0.6 * z[2];
  assert.ok(Math.abs(hidden(moved) - hidden([2, 3, 4])) < 1e-9);
});
