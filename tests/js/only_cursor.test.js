import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyCursor } from "../../static/js/lib/only_cursor.js";

test("a moved cursor is told from a changed setting or another channel", () => {
  const state = { unit: [0, 1, 2], stride: 1 };
  assert.equal(onlyCursor(state, { ...state, unit: [0, 5, 5] }), true);
  assert.equal(onlyCursor(state, { ...state, unit: [1, 1, 2] }), false);
  assert.equal(onlyCursor(state, { ...state, stride: 2 }), false);
  assert.equal(onlyCursor(undefined, state), false);
});
