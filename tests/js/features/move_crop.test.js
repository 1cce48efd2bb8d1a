import assert from "node:assert/strict";
import { test } from "node:test";
import { moveCrop } from "../../../static/js/features/move_crop.js";

const picture = { width: 451, height: 300 };

test("it moves by whole pixels and stops at the edge", () => {
  assert.deepEqual(moveCrop({ top: 10, left: 20, size: 100 }, { down: 5.4, right: -7 }, picture), {
    top: 15,
    left: 13,
    size: 100,
  });
  assert.deepEqual(moveCrop({ top: 10, left: 20, size: 100 }, { down: 999, right: 999 }, picture), {
    top: 200,
    left: 351,
    size: 100,
  });
});

test("it grows about its middle, or from its first corner, and never beyond the picture", () => {
  assert.deepEqual(moveCrop({ top: 50, left: 50, size: 100 }, { grow: 20 }, picture), { top: 40, left: 40, size: 120 });
  assert.deepEqual(moveCrop({ top: 50, left: 50, size: 100 }, { grow: 20 }, picture, true), {
    top: 50,
    left: 50,
    size: 120,
  });
  assert.deepEqual(moveCrop({ top: 50, left: 50, size: 100 }, { grow: 999 }, picture, true), {
    top: 50,
    left: 50,
    size: 250,
  });
  assert.deepEqual(moveCrop({ top: 50, left: 50, size: 100 }, { grow: 999 }, picture), { top: 0, left: 0, size: 300 });
  assert.equal(moveCrop({ top: 50, left: 50, size: 100 }, { grow: -999 }, picture).size, 8);
});
