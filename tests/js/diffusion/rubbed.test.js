import assert from "node:assert/strict";
import { test } from "node:test";
import { rubbedPixels } from "../../../static/js/diffusion/rubbed.js";

const ACROSS = {
  points: [
    { x: 0, y: 0.5 },
    { x: 1, y: 0.5 },
  ],
  width: 4 / 28,
  erase: true,
};

test("a rubber of four pixels leaves four rows without knowledge, each pixel wholly or not at all", () => {
  const rubbed = rubbedPixels([ACROSS], 28);
  const rows = Array.from({ length: 28 }, (_, row) => rubbed.subarray(28 * row, 28 * row + 28));
  assert.deepEqual(
    rows.map((row) => row.reduce((sum, one) => sum + one, 0)),
    Array.from({ length: 28 }, (_, row) => (row >= 12 && row < 16 ? 28 : 0)),
  );
});

test("what was rubbed twice is rubbed once, and nothing where nobody rubbed", () => {
  assert.deepEqual(rubbedPixels([ACROSS, ACROSS], 28), rubbedPixels([ACROSS], 28));
  assert.ok(rubbedPixels([], 28).every((one) => one === 0));
});
