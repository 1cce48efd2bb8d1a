import assert from "node:assert/strict";
import { test } from "node:test";
import { addTerms } from "../../../static/js/features/terms.js";

const terms = [
  [2, 3],
  [1, -4],
  [0.5, 1],
].map(([input, weight]) => ({ input, weight, product: input * weight, layer: "input", unit: [0, 0, 0] }));

test("shown terms, the others and the bias make the total", () => {
  const { shown, others, rest, total } = addTerms(terms, 0.25, 1);
  assert.deepEqual([shown.length, others, rest, total], [1, 2, -3.5, 2.75]);
});

test("nothing is left over where all are shown, and there may be no bias", () => {
  assert.deepEqual({ ...addTerms(terms, null, 8), shown: 0 }, { shown: 0, others: 0, rest: 0, total: 2.5 });
});
