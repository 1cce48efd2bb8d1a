import assert from "node:assert/strict";
import { test } from "node:test";
import { centreSquare } from "../../static/js/lib/centre_square.js";

test("the middle of a wide picture, channel by channel", () => {
  const data = Float32Array.from({ length: 2 * 2 * 5 }, (_, i) => i);
  assert.deepEqual(centreSquare({ shape: [2, 2, 5], data }), {
    shape: [2, 2, 2],
    data: Float32Array.of(1, 2, 6, 7, 11, 12, 16, 17),
  });
});

test("a square picture stays as it is", () => {
  const data = Float32Array.of(1, 2, 3, 4);
  assert.deepEqual(centreSquare({ shape: [1, 2, 2], data }).data, data);
});
