import assert from "node:assert/strict";
import { test } from "node:test";
import { entropy } from "../../../static/js/shared/statistics.js";

test("certainty is 0 bits, two equal chances 1 bit, ten 3.32", () => {
  assert.equal(entropy([0, 1, 0]), 0);
  assert.equal(entropy([0.5, 0.5]), 1);
  assert.ok(Math.abs(entropy(Array(10).fill(0.1)) - Math.log2(10)) < 1e-12);
});
