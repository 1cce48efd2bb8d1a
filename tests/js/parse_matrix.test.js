import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMatrix } from "../../static/js/lib/parse_matrix.js";

test("as written on a slide, or pasted from a spreadsheet", () => {
  assert.deepEqual(parseMatrix("1 2\n3 4", 9), {
    matrix: [
      [1, 2],
      [3, 4],
    ],
  });
  assert.deepEqual(parseMatrix("0 .6 / .6 0", 9), {
    matrix: [
      [0, 0.6],
      [0.6, 0],
    ],
  });
  assert.deepEqual(parseMatrix("1\t2,5\n-3\t4", 9), {
    matrix: [
      [1, 2.5],
      [-3, 4],
    ],
  });
});

test("what is wrong with it", () => {
  assert.deepEqual(parseMatrix(" \n", 9), { code: "empty", values: {} });
  assert.deepEqual(parseMatrix("1 2\n3", 9), { code: "ragged", values: { row: 2, found: 1, wanted: 2 } });
  assert.deepEqual(parseMatrix("1 x", 9), { code: "not_number", values: { text: "x" } });
  assert.deepEqual(parseMatrix("1 2 3", 2), { code: "too_many", values: { found: 3, most: 2 } });
});
