import assert from "node:assert/strict";
import { test } from "node:test";
import { lerp } from "../../static/js/lib/lerp.js";

test("half way is the mean", () => {
  assert.deepEqual(lerp([0, 2], [4, -2], 0.5), [2, 0]);
});
