import assert from "node:assert/strict";
import { test } from "node:test";
import { gridCell, gridPlace, gridStep } from "../../../../static/js/shared/ui/grid_keys.js";

/** @param {string} key @param {Partial<import("../../../../static/js/shared/ui/grid_keys.js").Key>} [held] */
const press = (key, held = {}) => ({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });
const MIDDLE = { row: 14, column: 14 };
const SIZE = /** @type {[number, number]} */ ([28, 28]);

test("arrows, Home, End and the page keys lead where a grid's do", () => {
  /** @type {(...pressed: Parameters<typeof press>) => number[]} */
  const to = (...pressed) => Object.values(gridCell(press(...pressed), MIDDLE, SIZE) ?? {});
  assert.deepEqual(to("ArrowUp"), [13, 14]);
  assert.deepEqual(to("ArrowRight", { shiftKey: true }), [14, 24]);
  assert.deepEqual(to("Home"), [14, 0]);
  assert.deepEqual(to("End"), [14, 27]);
  assert.deepEqual(to("Home", { ctrlKey: true }), [0, 0]);
  assert.deepEqual(to("End", { ctrlKey: true }), [27, 27]);
  assert.deepEqual(to("PageUp"), [4, 14]);
  assert.deepEqual(to("PageDown"), [24, 14]);
});

test("nothing leads beyond an edge", () => {
  for (const key of ["ArrowDown", "PageDown"])
    assert.deepEqual(gridCell(press(key), { row: 27, column: 3 }, SIZE), { row: 27, column: 3 });
  assert.equal(gridPlace(press("ArrowDown"), 8, 5, 12), 11, "the last row is not full");
  assert.equal(gridPlace(press("End"), 11, 5, 12), 11);
});

test("what is the browser's is left to it", () => {
  assert.equal(gridStep(press("ArrowLeft", { altKey: true }), SIZE), null, "Back");
  assert.equal(gridStep(press("Tab"), SIZE), null);
  assert.equal(gridStep(press("Enter"), SIZE), null);
  assert.equal(gridStep(press("PageDown", { ctrlKey: true }), SIZE), null, "the next tab");
});
