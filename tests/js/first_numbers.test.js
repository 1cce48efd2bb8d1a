import assert from "node:assert/strict";
import { test } from "node:test";
import { firstNumbers } from "../../static/js/lib/first_numbers.js";

test("the first numbers stay, the rest are 0, the length is the code's", () => {
  assert.deepEqual(firstNumbers(Float32Array.of(1.5, -2, 3, 4), 2), [1.5, -2, 0, 0]);
  assert.deepEqual(firstNumbers([1, 2], 5), [1, 2]);
});
