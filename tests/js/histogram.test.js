import assert from "node:assert/strict";
import { test } from "node:test";
import { histogram } from "../../static/js/lib/histogram.js";

test("equal parts, the last one with its end, and nothing from outside", () => {
  assert.deepEqual(histogram([0, 0.5, 1, 1.99, 2, 3.9, 4, -1, 5], 4, 0, 4), [2, 2, 1, 2]);
});

test("all values are in it where the ends are the values' own", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  const counts = histogram(values, 31, Math.min(...values), Math.max(...values));
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    1000,
  );
});
