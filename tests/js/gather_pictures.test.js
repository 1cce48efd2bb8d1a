import assert from "node:assert/strict";
import { test } from "node:test";
import { gatherPictures } from "../../static/js/lib/gather_pictures.js";

test("pictures follow one another", () => {
  const all = gatherPictures([new Float32Array(784).fill(1), new Float32Array(784).fill(2)]);
  assert.deepEqual([all.length, all[783], all[784]], [1568, 1, 2]);
});
