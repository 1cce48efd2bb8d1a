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
