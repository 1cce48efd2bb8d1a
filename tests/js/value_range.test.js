import assert from "node:assert/strict";
import { test } from "node:test";
import { valueRange } from "../../static/js/lib/value_range.js";

test("negative values make it symmetric about zero", () => {
  assert.deepEqual(valueRange([-1, 3]), { low: -3, high: 3, signed: true, clipped: false, constant: false });
});

test("values from zero up begin at zero", () => {
  assert.deepEqual(valueRange([1, 3]), { low: 0, high: 3, signed: false, clipped: false, constant: false });
});

test("an outlier is clipped and that is said", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1000 : 1));
  const range = valueRange(values, 0.99);
  assert.equal(range.high, 1);
  assert.equal(range.clipped, true);
});

test("a constant map is constant, and nothing is zero to zero", () => {
  assert.equal(valueRange([2, 2]).constant, true);
  assert.deepEqual(valueRange([]), { low: 0, high: 0, signed: false, clipped: false, constant: true });
});
