import assert from "node:assert/strict";
import { test } from "node:test";
import { planeOf } from "../../static/js/lib/plane_of.js";

test("one channel, without a copy", () => {
  const data = Float32Array.of(1, 2, 3, 4);
  const plane = planeOf({ shape: [2, 1, 2], data }, 1);
  assert.deepEqual([plane.shape, ...plane.data], [[1, 1, 2], 3, 4]);
  assert.equal(plane.data.buffer, data.buffer);
});
