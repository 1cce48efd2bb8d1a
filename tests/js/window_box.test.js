import assert from "node:assert/strict";
import { test } from "node:test";
import { windowBox } from "../../static/js/lib/window_box.js";

const border = { top: 0, left: 0, bottom: 0, right: 0 };

test("stride moves it, dilation widens it", () => {
  assert.deepEqual(windowBox({ height: 3, width: 2, stride: 2, dilation: 2, border }, { row: 1, column: 3 }), {
    top: 2,
    left: 6,
    bottom: 7,
    right: 9,
  });
});
