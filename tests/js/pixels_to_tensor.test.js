import assert from "node:assert/strict";
import { test } from "node:test";
import { pixelsToTensor } from "../../static/js/lib/pixels_to_tensor.js";

test("channels come apart, one after the other, and 255 is one", () => {
  const { shape, data } = pixelsToTensor([255, 0, 51, 255, 0, 255, 102, 255], 2, 1);
  assert.deepEqual(shape, [3, 1, 2]);
  assert.deepEqual([...data], [1, 0, 0, 1, 0.2, 0.4].map(Math.fround));
});
