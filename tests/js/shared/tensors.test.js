import assert from "node:assert/strict";
import { test } from "node:test";
import { subTensor } from "../../../static/js/shared/tensors.js";

test("each index takes one axis away", () => {
  const tensor = { shape: [2, 3, 4], data: Float32Array.from({ length: 24 }, (_, i) => i) };
  assert.deepEqual([...subTensor(tensor, [1, 2]).data], [20, 21, 22, 23]);
  assert.equal(subTensor(tensor, [1, 2, 3]).data[0], 23);
  assert.equal(subTensor(tensor, []).data.length, 24);
});
