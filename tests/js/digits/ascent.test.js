import assert from "node:assert/strict";
import { test } from "node:test";
import { changeOf } from "../../../static/js/digits/ascent.js";

test("the largest and the mean change are in grey levels, whichever way they go", () => {
  const { change, largest, mean } = changeOf([0, 0.5, 1, 0.2], [0.2, 0.1, 1, 0.2]);
  assert.ok(Math.abs(change[0] - 0.2) < 1e-6 && Math.abs(change[1] + 0.4) < 1e-6);
  assert.ok(Math.abs(largest - 102) < 1e-3);
  assert.ok(Math.abs(mean - (51 + 102) / 4) < 1e-3);
});
