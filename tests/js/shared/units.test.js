import assert from "node:assert/strict";
import { test } from "node:test";
import { unitIndex } from "../../../static/js/lib/unit_index.js";
import { unitOf } from "../../../static/js/shared/units.js";

test("a place among all values and a unit's indices are two names of the same", () => {
  assert.deepEqual(unitOf([20, 10, 10], 1234), [12, 3, 4]);
  for (let index = 0; index < 60; index++) assert.equal(unitIndex([3, 4, 5], unitOf([3, 4, 5], index)), index);
});
