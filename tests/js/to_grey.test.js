import assert from "node:assert/strict";
import { test } from "node:test";
import { toGrey } from "../../static/js/lib/to_grey.js";

test("as Pillow turns a picture grey", () => {
  const grey = toGrey({
    shape: [3, 1, 4],
    data: Float32Array.of(1, 0, 0, 10 / 255, 0, 1, 0, 200 / 255, 0, 0, 1, 30 / 255),
  });
  assert.deepEqual(
    Array.from(grey.data, (value) => Math.round(value * 255)),
    [76, 150, 29, 124],
  );
});
