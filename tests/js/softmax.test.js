import assert from "node:assert/strict";
import { test } from "node:test";
import { softmax } from "../../static/js/lib/softmax.js";

test("e to the score as a share of the sum, and large scores do not overflow", () => {
  const shares = softmax([0, Math.log(3), -Infinity]);
  assert.ok(Math.abs(shares[0] - 0.25) < 1e-7 && Math.abs(shares[1] - 0.75) < 1e-7 && shares[2] === 0);
  assert.ok(Math.abs(softmax([1000, 1000])[0] - 0.5) < 1e-7);
});

test("a high temperature levels, a low one sharpens", () => {
  assert.ok(softmax([1, 2], 10)[1] < 0.53);
  assert.ok(softmax([1, 2], 0.1)[1] > 0.9999);
});
