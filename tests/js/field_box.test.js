import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldBox } from "../../static/js/lib/field_box.js";

const field = { size: [7, 7], stride: [2, 2], start: [-3, -3], whole: false };

test("a unit in the middle reads a window of the field's size", () => {
  assert.deepEqual(fieldBox(field, 5, 6, 128), { top: 7, left: 9, bottom: 14, right: 16 });
});

test("the window ends where the picture ends", () => {
  assert.deepEqual(fieldBox(field, 0, 63, 128), { top: 0, left: 123, bottom: 4, right: 128 });
});

test("a layer that reads everything reads everything", () => {
  assert.deepEqual(fieldBox({ ...field, whole: true }, 0, 0, 28), { top: 0, left: 0, bottom: 28, right: 28 });
  assert.deepEqual(fieldBox(null, 0, 0, 28), { top: 0, left: 0, bottom: 28, right: 28 });
});
