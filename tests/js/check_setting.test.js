import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSetting } from "../../static/js/lib/check_setting.js";

/** @type {import("../../static/js/lib/stage.js").Setting} */
const plain = {
  operation: "convolution",
  kernels: [
    [
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
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
  pool: 2,
  poolStride: 2,
};

/** @param {Partial<typeof plain>} change @param {number} height @param {number} width */
const code = (change, height, width) => checkSetting({ ...plain, ...change }, height, width)?.code ?? "possible";

test("why a setting is impossible", () => {
  assert.equal(code({}, 3, 3), "possible");
  assert.equal(code({}, 2, 9), "window_too_large");
  assert.equal(code({ padding: 1 }, 2, 9), "possible");
  assert.equal(code({ dilation: 2 }, 4, 9), "window_too_large");
  assert.equal(code({ divisor: 0 }, 9, 9), "divisor_zero");
  assert.equal(code({ padding: "same", stride: 2 }, 9, 9), "same_with_stride");
  assert.equal(code({ padding: 3, mode: "reflect" }, 3, 9), "reflect_too_wide");
  assert.equal(code({ padding: 2, mode: "reflect" }, 3, 9), "possible");
  assert.equal(code({ padding: 4, mode: "circular" }, 3, 9), "circular_too_wide");
  assert.equal(code({ operation: "max", pool: 4 }, 3, 9), "window_too_large");
  assert.equal(code({ operation: "flatten" }, 1, 1), "possible");
});

test("the numbers that explain it", () => {
  assert.deepEqual(checkSetting(plain, 2, 9)?.values, { window: 3, room: 2 });
});
