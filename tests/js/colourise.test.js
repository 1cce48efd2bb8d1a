import assert from "node:assert/strict";
import { test } from "node:test";
import { colourise } from "../../static/js/lib/colourise.js";

const entries = Uint32Array.from({ length: 256 }, (_, i) => i);

test("the ends of the range are the ends of the map, and what lies outside is clipped", () => {
  assert.deepEqual([...colourise([-1, 0, 0.5, 1, 9], entries, 0, 1)], [0, 0, 128, 255, 255]);
});

test("zero of a symmetric range is the neutral colour", () => {
  assert.deepEqual([...colourise([-2, 0, 2], entries, -2, 2)], [0, 128, 255]);
});

test("a constant map does not divide by zero", () => {
  assert.deepEqual([...colourise([3, 3], entries, 3, 3)], [0, 0]);
});
