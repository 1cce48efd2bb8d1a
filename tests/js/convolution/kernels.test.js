import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelPresets, flipKernel, resizeKernel } from "../../../static/js/convolution/kernels.js";

/** @param {string} name */
const named = (name) => kernelPresets.filter((one) => one.name === name)[0];

test("blurs keep the brightness, edges have none", () => {
  for (const { kernel, divisor, group, name, signed } of kernelPresets) {
    const total = kernel.flat().reduce((sum, weight) => sum + weight, 0) / divisor;
    if (group === "blur") assert.equal(total, 1, name);
    if (signed) assert.equal(total, 0, name);
  }
});

test("the well-known ones", () => {
  assert.deepEqual(named("outline").kernel, [
    [-1, -1, -1],
    [-1, 8, -1],
    [-1, -1, -1],
  ]);
  assert.deepEqual(named("top-sobel").kernel, [
    [1, 2, 1],
    [0, 0, 0],
    [-1, -2, -1],
  ]);
  assert.deepEqual(named("emboss").kernel, [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ]);
  assert.equal(named("gaussian-7").kernel.length, 7);
});

test("no name twice", () => assert.equal(new Set(kernelPresets.map(({ name }) => name)).size, kernelPresets.length));

test("half a turn", () =>
  assert.deepEqual(
    flipKernel([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    [
      [6, 5],
      [4, 3],
      [2, 1],
    ],
  ));

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
