import assert from "node:assert/strict";
import { test } from "node:test";
import { pad } from "../../static/js/lib/pad.js";

const row = { shape: [1, 1, 3], data: Float32Array.of(1, 2, 3) };

/** @param {import("../../static/js/lib/pad.js").PaddingMode} mode */
const padded = (mode) => [...pad(row, { top: 0, left: 2, bottom: 0, right: 1 }, mode).data];

test("what each mode puts beside a row", () => {
  assert.deepEqual(padded("zeros"), [0, 0, 1, 2, 3, 0]);
  assert.deepEqual(padded("reflect"), [3, 2, 1, 2, 3, 2]);
  assert.deepEqual(padded("replicate"), [1, 1, 1, 2, 3, 3]);
  assert.deepEqual(padded("circular"), [2, 3, 1, 2, 3, 1]);
});

test("nothing to pad is no copy", () => assert.equal(pad(row, { top: 0, left: 0, bottom: 0, right: 0 }, "zeros"), row));
