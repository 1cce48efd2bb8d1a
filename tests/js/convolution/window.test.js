import assert from "node:assert/strict";
import { test } from "node:test";
import { windowTerms } from "../../../static/js/convolution/window.js";

const input = { shape: [2, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => i) };

test("the terms add up, over all channels", () => {
  const { parts, sum } = windowTerms(input, [[[1, 2]], [[0, -1]]], { row: 1, column: 1 });
  assert.deepEqual(
    parts[0].terms[0].map(({ value, weight, product }) => [value, weight, product]),
    [
      [4, 1, 4],
      [5, 2, 10],
    ],
  );
  assert.deepEqual(
    parts.map((part) => part.sum),
    [14, -14],
  );
  assert.equal(sum, 0);
});

test("one slice over the channel that is looked at, with stride and dilation", () => {
  const { parts } = windowTerms(input, [[[1, 1]]], { row: 0, column: 0, channel: 1 }, { dilation: 2 });
  assert.deepEqual(
    parts[0].terms[0].map(({ row, column, value }) => [row, column, value]),
    [
      [0, 0, 9],
      [0, 2, 11],
    ],
  );
});
