import assert from "node:assert/strict";
import { test } from "node:test";
import { mapCondition } from "../../static/js/lib/map_condition.js";

test("only zeros is dead, one other value constant", () => {
  assert.equal(mapCondition([0, 0, 0]).kind, "dead");
  assert.equal(mapCondition([2, 2]).kind, "constant");
});

test("half of it at the ceiling is saturated: ReLU6", () => {
  const { kind, atTop } = mapCondition([6, 6, 0, 3]);
  assert.deepEqual([kind, atTop], ["saturated", 0.5]);
  assert.equal(mapCondition([-1, 0, 0, 0]).kind, "alive");
});

test("shares, ends and mean are those of the values", () => {
  const found = mapCondition([...new Array(19).fill(0), 5]);
  assert.deepEqual(found, { kind: "sparse", zeros: 0.95, atTop: 0.05, low: 0, high: 5, mean: 0.25 });
});
