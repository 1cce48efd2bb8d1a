import assert from "node:assert/strict";
import { test } from "node:test";
import { axisTicks } from "../../static/js/lib/axis_ticks.js";

test("ticks are round numbers within the ends", () => {
  assert.deepEqual(axisTicks(-3.4, 3.4), [-2, 0, 2]);
  assert.deepEqual(axisTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
});
