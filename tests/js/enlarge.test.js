import assert from "node:assert/strict";
import { test } from "node:test";
import { enlarge } from "../../static/js/lib/enlarge.js";

test("each pixel is repeated", () => {
  const { shape, data } = enlarge({ shape: [1, 1, 2], data: Float32Array.of(1, 2) }, 2, 4);
  assert.deepEqual([shape, ...data], [[1, 2, 4], 1, 1, 2, 2, 1, 1, 2, 2]);
});
