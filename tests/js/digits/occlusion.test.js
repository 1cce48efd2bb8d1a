import assert from "node:assert/strict";
import { test } from "node:test";
import { occlusion } from "../../../static/js/digits/occlusion.js";

test("where the score is a weighted sum, a pixel's fall is what the squares over it take away on average", () => {
  const picture = new Float32Array([0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0]);
  const steps = occlusion((values) => values.reduce((sum, value) => sum + value, 0), picture, 4, 2, 2);
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  assert.equal(count, 4);
  assert.deepEqual([...step.value], [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
});

test("dark squares cost nothing and are not tried", () => {
  let calls = 0;
  const steps = occlusion(() => ++calls, new Float32Array(16), 4, 2, 1);
  const step = steps.next();
  assert.ok(step.done && step.value.every((fall) => fall === 0));
  assert.equal(calls, 1);
});
