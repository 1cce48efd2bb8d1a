import assert from "node:assert/strict";
import { test } from "node:test";
import { mapsOf, unitIndex, unitOf, placeOf, unitFor } from "../../../static/js/shared/units.js";

test("a place among all values and a unit's indices are two names of the same", () => {
  assert.deepEqual(unitOf([20, 10, 10], 1234), [12, 3, 4]);
  for (let index = 0; index < 60; index++) assert.equal(unitIndex([3, 4, 5], unitOf([3, 4, 5], index)), index);
});

/** @type {[number[], import("../../../static/js/shared/units.js").Lie][]} */
const UNITS = [
  [[3, 4, 5], { layout: "CHW", shape: [6, 6, 6] }],
  [[4, 5, 3], { layout: "HWC", shape: [6, 6, 6] }],
  [[7], { layout: "Z", shape: [9] }],
  [[], { layout: "Z", shape: [] }],
  [[16, 700], { layout: "TC", shape: [17, 768] }],
  [[700, 16], { layout: "CT", shape: [768, 17] }],
  [[0, 5], { layout: "TC", shape: [17, 768], grid: [1, 4, 4] }],
  [[16, 5], { layout: "TC", shape: [17, 768], grid: [1, 4, 4] }],
  [[5, 16], { layout: "CT", shape: [768, 17], grid: [1, 4, 4] }],
  [[1, 2, 3, 4], { layout: "other", shape: [2, 3, 4, 5] }],
  [[1, 0, 2, 3, 4], { layout: "other", shape: [2, 1, 3, 4, 5] }],
];

test("a unit has as many numbers as its layer has axes, whatever they are, and a place of its own", () => {
  for (const [unit, lie] of UNITS) {
    const place = placeOf(unit, lie);
    assert.deepEqual(unitFor(place, lie), unit);
    const { channels, rows, columns } = mapsOf(lie);
    assert.ok(place.channel < channels && place.row < rows && place.column < columns, JSON.stringify(lie));
  }
});

test("channel, row and column are found however the layer is laid out", () => {
  const sides = { shape: [6, 6, 6] };
  assert.deepEqual(placeOf([3, 4, 5], { layout: "CHW", ...sides }), { channel: 3, row: 4, column: 5 });
  assert.deepEqual(placeOf([4, 5, 3], { layout: "HWC", ...sides }), { channel: 3, row: 4, column: 5 });
  assert.deepEqual(placeOf([7], { layout: "Z", shape: [9] }), { channel: 7, row: 0, column: 0 });
  // The token after the class's is the patch in the picture's first corner, in the second row of what is drawn.
  assert.deepEqual(placeOf([1, 5], { layout: "TC", shape: [17, 768], grid: [1, 4, 4] }), {
    channel: 5,
    row: 1,
    column: 0,
  });
});

test("a place where no token is stands for the last of those before the patches", () => {
  assert.deepEqual(
    unitFor({ channel: 5, row: 0, column: 3 }, { layout: "TC", shape: [17, 768], grid: [1, 4, 4] }),
    [0, 5],
  );
});
