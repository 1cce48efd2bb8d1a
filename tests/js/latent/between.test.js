import assert from "node:assert/strict";
import { test } from "node:test";
import { spherical } from "../../../static/js/latent/between.js";

test("an arc keeps the length between codes of one length", () => {
  const middle = spherical([2, 0, 0], [0, 2, 0], 0.5);
  assert.ok(Math.abs(Math.hypot(...middle) - 2) < 1e-9);
  assert.ok(Math.abs(middle[0] - middle[1]) < 1e-9);
});

test("codes that have no arc between them go straight", () => {
  assert.deepEqual(spherical([0, 0], [2, 4], 0.5), [1, 2]);
  assert.deepEqual(spherical([1, 1], [3, 3], 0.5), [2, 2]);
});
