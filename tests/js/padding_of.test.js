import assert from "node:assert/strict";
import { test } from "node:test";
import { paddingOf } from "../../static/js/lib/padding_of.js";

test("same adds what the window takes, one more at the end where it is odd", () => {
  assert.deepEqual(paddingOf("same", [3, 4]), { top: 1, left: 1, bottom: 1, right: 2 });
  assert.deepEqual(paddingOf("same", [3, 3], 2), { top: 2, left: 2, bottom: 2, right: 2 });
});

test("a number goes to all sides", () =>
  assert.deepEqual(paddingOf(2, [3, 3]), { top: 2, left: 2, bottom: 2, right: 2 }));
