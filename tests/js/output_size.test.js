import assert from "node:assert/strict";
import { test } from "node:test";
import { outputSize } from "../../static/js/lib/output_size.js";

test("the floor is taken", () => {
  assert.equal(outputSize({ size: 7, kernel: 3, stride: 2 }), 3);
  assert.equal(outputSize({ size: 8, kernel: 3, stride: 2 }), 3);
  assert.equal(outputSize({ size: 5, kernel: 3, padding: 2 }), 5);
  assert.equal(outputSize({ size: 9, kernel: 3, dilation: 3 }), 3);
});

test("a window that does not fit has no place", () => assert.ok(outputSize({ size: 2, kernel: 3 }) < 1));
