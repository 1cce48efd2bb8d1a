import assert from "node:assert/strict";
import { test } from "node:test";
import { strongestSlices } from "../../static/js/lib/strongest_slices.js";

test("the largest norm first, each with its own weights", () => {
  const data = Float32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 4, -6, 0, 2, 2]);
  const [first, second] = strongestSlices({ shape: [2, 4, 1, 2], data }, 1, 2);
  assert.deepEqual([first.input, first.norm, [...first.tensor.data]], [2, 6, [-6, 0]]);
  assert.deepEqual([second.input, second.norm, second.tensor.shape], [1, 5, [1, 2]]);
});

test("three slices are red, green and blue: they stay in order; a dense layer's are single weights", () => {
  const data = Float32Array.from([1, 2, 3]);
  assert.deepEqual(
    strongestSlices({ shape: [1, 3], data }, 0, 9).map(({ input }) => input),
    [0, 1, 2],
  );
});
