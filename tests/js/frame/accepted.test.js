import assert from "node:assert/strict";
import { test } from "node:test";
import { listOf, numberFrom, oneOf, placeIn, wholeFrom } from "../../../static/js/frame/accepted.js";

test("whole numbers within their bounds, and none that is not exact", () => {
  assert.deepEqual([-1, 0, 9, 10, 0.5, NaN, "3", null].map(wholeFrom(0, 9)), [
    false,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  assert.equal(wholeFrom(0)(1e308), false);
});

test("what else is taken, and what is wanted is known", () => {
  assert.deepEqual([-3, 3, 3.1, NaN].map(numberFrom(-3, 3)), [true, true, false, false]);
  assert.deepEqual(["a", "c"].map(oneOf(["a", "b"])), [true, false]);
  assert.deepEqual([0, 2, 3].map(placeIn("abc")), [true, true, false]);
  const pair = listOf(wholeFrom(0, 27), 2);
  assert.deepEqual([[1, 27], [1, 28], [1], [1, 2, 3]].map(pair), [true, false, false, false]);
  assert.deepEqual(pair.wanted?.values?.each, { code: "whole", values: { least: 0, most: 27 } });
});
