import assert from "node:assert/strict";
import { test } from "node:test";
import { entropyBits } from "../../static/js/lib/entropy_bits.js";

test("even counts have all bits, a single class none", () => {
  assert.ok(Math.abs(entropyBits([1, 1, 1, 1]) - 2) < 1e-12);
  assert.equal(entropyBits([0, 7, 0]), 0);
});
