import assert from "node:assert/strict";
import { test } from "node:test";
import { unitIndex, unitOf, placeOf, unitFor } from "../../../static/js/shared/units.js";

test("a place among all values and a unit's indices are two names of the same", () => {
  assert.deepEqual(unitOf([20, 10, 10], 1234), [12, 3, 4]);
  for (let index = 0; index < 60; index++) assert.equal(unitIndex([3, 4, 5], unitOf([3, 4, 5], index)), index);
});

test("it is the inverse of placeOf", () => {
  for (const [unit, layout] of /** @type {[number[], string][]} */ ([
    [[3, 4, 5], "CHW"],
    [[4, 5, 3], "HWC"],
    [[7], "Z"],
  ])) {
    assert.deepEqual(unitFor(placeOf(unit, layout), layout), unit);
  }
});

test("channel, row and column are found however the layer is laid out", () => {
  assert.deepEqual(placeOf([3, 4, 5], "CHW"), { channel: 3, row: 4, column: 5 });
  assert.deepEqual(placeOf([4, 5, 3], "HWC"), { channel: 3, row: 4, column: 5 });
  assert.deepEqual(placeOf([7], "Z"), { channel: 7, row: 0, column: 0 });
});
