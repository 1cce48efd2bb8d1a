import assert from "node:assert/strict";
import { test } from "node:test";
import { addTerms, strongestSlices } from "../../../static/js/features/terms.js";

const terms = [
  [2, 3],
  [1, -4],
  [0.5, 1],
].map(([input, weight]) => ({
  input,
  weight,
  product: input * weight,
  layer: "input",
  unit: [0, 0, 0],
  kind: /** @type {const} */ ("unit"),
}));

test("shown terms, the others and the bias make the total", () => {
  const { shown, others, rest, total } = addTerms(terms, 0.25, 1);
  assert.deepEqual([shown.length, others, rest, total], [1, 2, -3.5, 2.75]);
});

test("nothing is left over where all are shown, and there may be no bias", () => {
  assert.deepEqual({ ...addTerms(terms, null, 8), shown: 0 }, { shown: 0, others: 0, rest: 0, total: 2.5 });
});

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
