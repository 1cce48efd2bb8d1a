import assert from "node:assert/strict";
import { test } from "node:test";
import { displayMode } from "../../static/js/lib/display_mode.js";

test("what is black and what is white in each mode", () => {
  const values = [-40, 10, 300];
  const ends = (/** @type {import("../../static/js/lib/display_mode.js").DisplayName} */ name) => {
    const { low, high } = displayMode(name, values, 255);
    return [low, high];
  };
  assert.deepEqual(ends("clamp"), [0, 255]);
  assert.deepEqual(ends("absolute"), [0, 255]);
  assert.deepEqual(ends("middle"), [-255, 255]);
  assert.deepEqual(ends("signed"), [-300, 300]);
  assert.deepEqual(ends("rescaled"), [-40, 300]);
});

test("equal values do not divide by zero", () => assert.deepEqual(displayMode("rescaled", [4, 4], 255).high, 5));
