import assert from "node:assert/strict";
import { test } from "node:test";
import { runnerUp } from "../../static/js/lib/runner_up.js";

test("the first and the second, of equal ones the earlier first", () => {
  assert.deepEqual(runnerUp([3, 9, -1, 7]), [1, 3]);
  assert.deepEqual(runnerUp([5, 5, 1]), [0, 1]);
});
