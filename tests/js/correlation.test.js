import assert from "node:assert/strict";
import { test } from "node:test";
import { correlation } from "../../static/js/lib/correlation.js";

test("it agrees with numpy.corrcoef", () => {
  // numpy.corrcoef([1, 2, 4, 8], [0, -3, 5, 1])[0, 1], and the same with [2, 1, 1, 0]
  assert.ok(Math.abs(correlation([1, 2, 4, 8], [0, -3, 5, 1]) - 0.3503352905406587) < 1e-12);
  assert.ok(Math.abs(correlation([1, 2, 4, 8], [2, 1, 1, 0]) - -0.9231326627541018) < 1e-12);
});

test("the ends of its scale", () => {
  assert.ok(Math.abs(correlation([1, 2, 3], new Float32Array([10, 20, 30])) - 1) < 1e-12);
  assert.ok(Math.abs(correlation([1, 2, 3], [3, 2, 1]) + 1) < 1e-12);
  assert.ok(Number.isNaN(correlation([1, 1, 1], [3, 2, 1])));
});
