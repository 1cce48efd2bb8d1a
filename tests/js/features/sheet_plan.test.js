import assert from "node:assert/strict";
import { test } from "node:test";
import { sheetPlan } from "../../../static/js/features/sheet_plan.js";

test("one map fills the width in whole pixels", () => {
  const { factor, width, height, at } = sheetPlan(1, 64, 48, 1000);
  assert.deepEqual([factor, width, height], [20, 960, 1280]);
  assert.deepEqual(at(0), { x: 0, y: 0 });
});

test("maps do not overlap, and all lie on the sheet", () => {
  for (const [count, rows, columns] of [
    [32, 64, 64],
    [2048, 7, 7],
    [3, 5, 9],
    [256, 1, 1],
    [64, 800, 800],
  ]) {
    const { factor, width, height, at } = sheetPlan(count, rows, columns, 1600);
    const places = Array.from({ length: count }, (_, place) => at(place));
    assert.equal(new Set(places.map(({ x, y }) => `${x} ${y}`)).size, count);
    assert.equal(Math.max(...places.map(({ x }) => x)) + columns * factor, width);
    assert.equal(Math.max(...places.map(({ y }) => y)) + rows * factor, height);
    assert.ok(width <= 1600, String(width));
    const [first, second] = [at(0), at(1)];
    assert.ok(second.x - first.x >= columns * factor || second.y - first.y >= rows * factor);
  }
});
