import assert from "node:assert/strict";
import { test } from "node:test";
import { resizeKernel } from "../../static/js/lib/resize_kernel.js";

test("what was in the middle stays there", () => {
  assert.deepEqual(resizeKernel([[5]], 3, 3), [
    [0, 0, 0],
    [0, 5, 0],
    [0, 0, 0],
  ]);
  assert.deepEqual(
    resizeKernel(
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
      1,
      1,
    ),
    [[5]],
  );
});

test("even sizes are legal", () =>
  assert.deepEqual(resizeKernel([[5]], 2, 2), [
    [5, 0],
    [0, 0],
  ]));
