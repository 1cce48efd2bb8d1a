import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelSheet } from "../../../static/js/digits/kernel_sheet.js";

for (const shape of [
  [4, 3, 5, 2],
  [6, 7],
]) {
  test(`every weight of ${shape} has a place of its own`, () => {
    const { width, height, placeOf, weightAt } = kernelSheet(shape);
    const count = shape.reduce((product, size) => product * size);
    for (let index = 0; index < count; index++) {
      const { row, column } = placeOf(index);
      assert.ok(row < height && column < width);
      assert.equal(weightAt(row, column), index);
    }
  });
}

test("between kernels there is no weight", () => {
  const { width, height, weightAt } = kernelSheet([4, 3, 5, 2]);
  assert.deepEqual([width, height], [11, 17]);
  assert.equal(weightAt(5, 0), null);
  assert.equal(weightAt(0, 2), null);
  assert.equal(weightAt(-1, 0), null);
});

test("keys lead from kernel to kernel at the same place in each, in a matrix from weight to weight", () => {
  const to = (/** @type {number[]} */ shape, /** @type {number} */ from, /** @type {string} */ key, ctrlKey = false) =>
    kernelSheet(shape).step(from, { key, ctrlKey, shiftKey: false, metaKey: false, altKey: false });
  const inKernel = (/** @type {number} */ output, /** @type {number} */ input) => (output * 3 + input) * 10 + 7;
  const from = inKernel(1, 1);
  assert.equal(to([4, 3, 5, 2], from, "ArrowRight"), inKernel(2, 1));
  assert.equal(to([4, 3, 5, 2], from, "ArrowUp"), inKernel(1, 0));
  assert.equal(to([4, 3, 5, 2], from, "Home"), inKernel(0, 1));
  assert.equal(to([4, 3, 5, 2], from, "End", true), inKernel(3, 2));
  assert.equal(to([6, 7], 8, "ArrowLeft"), 7);
  assert.equal(to([6, 7], 7, "ArrowLeft"), 7, "the row ends there");
  assert.equal(to([6, 7], 8, "PageDown"), 36);
  assert.equal(to([6, 7], 8, "x"), null);
});
