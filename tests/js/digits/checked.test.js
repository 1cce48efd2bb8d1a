import assert from "node:assert/strict";
import { test } from "node:test";
import { checkedBefore, rememberChecked } from "../../../static/js/digits/checked.js";

const numbers = (/** @type {number[]} */ ...values) => ({
  conv1: { shape: [2], data: Float32Array.from([1, 2]) },
  softmax: { shape: [values.length], data: Float32Array.from(values) },
});

test("what was compared is known again by its numbers, the smallest change of one is another", () => {
  const found = { count: 4, largest: 1e-7 };
  assert.equal(checkedBefore(numbers(0.5, 0.25)), null);
  rememberChecked(numbers(0.5, 0.25), found);
  assert.deepEqual(checkedBefore(numbers(0.5, 0.25)), found);
  for (const other of [numbers(0.25, 0.5), numbers(0.5, 0.25 + 2 ** -25), numbers(0.5, -0.25), numbers(0.5)])
    assert.equal(checkedBefore(other), null);
});

test("of many the last ones are remembered", () => {
  for (let i = 0; i < 20; i++) rememberChecked(numbers(i), { count: i, largest: 0 });
  assert.deepEqual(
    [0, 11, 12, 19].map((i) => checkedBefore(numbers(i))?.count),
    [undefined, undefined, 12, 19],
  );
});
