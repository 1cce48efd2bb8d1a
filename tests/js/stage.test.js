import assert from "node:assert/strict";
import { test } from "node:test";
import { laidKernels, runStage, windowOf } from "../../static/js/lib/stage.js";

/** @type {import("../../static/js/lib/stage.js").Setting} */
const setting = {
  operation: "convolution",
  kernels: [
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ],
  divisor: 1,
  bias: 0,
  flip: false,
  padding: 0,
  mode: "zeros",
  stride: 1,
  dilation: 1,
  pool: 3,
  poolStride: 2,
};
const input = { shape: [1, 3, 3], data: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0) };

test("a single bright pixel: cross-correlation shows the kernel turned, convolution as it is", () => {
  assert.deepEqual([...runStage(input, setting).output.data], [4, 3, 2, 1]);
  assert.deepEqual([...runStage(input, { ...setting, flip: true }).output.data], [1, 2, 3, 4]);
  assert.deepEqual(laidKernels({ ...setting, flip: true }), [
    [
      [
        [4, 3],
        [2, 1],
      ],
    ],
  ]);
});

test("the window of each operation", () => {
  assert.deepEqual(
    [windowOf({ ...setting, operation: "max" }).height, windowOf({ ...setting, operation: "max" }).stride],
    [3, 2],
  );
  assert.equal(windowOf({ ...setting, operation: "flatten" }).width, 1);
});
