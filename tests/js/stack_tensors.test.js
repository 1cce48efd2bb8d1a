import assert from "node:assert/strict";
import { test } from "node:test";
import { stackTensors } from "../../static/js/lib/stack_tensors.js";

test("one axis more in front", () => {
  const { shape, data } = stackTensors([
    { shape: [2], data: Float32Array.of(1, 2) },
    { shape: [2], data: Float32Array.of(3, 4) },
  ]);
  assert.deepEqual([shape, ...data], [[2, 2], 1, 2, 3, 4]);
});
