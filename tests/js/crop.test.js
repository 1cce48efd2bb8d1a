import assert from "node:assert/strict";
import { test } from "node:test";
import { crop } from "../../static/js/lib/crop.js";

test("a piece of every channel", () => {
  const tensor = { shape: [2, 2, 3], data: Float32Array.from({ length: 12 }, (_, i) => i) };
  const piece = crop(tensor, { top: 1, left: 1, height: 1, width: 2 });
  assert.deepEqual([piece.shape, ...piece.data], [[2, 1, 2], 4, 5, 10, 11]);
});
