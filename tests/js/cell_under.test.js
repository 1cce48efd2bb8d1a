import assert from "node:assert/strict";
import { test } from "node:test";
import { cellUnder } from "../../static/js/lib/cell_under.js";
import { windowBox } from "../../static/js/lib/window_box.js";

const border = { top: 0, left: 0, bottom: 0, right: 0 };
const window = { height: 3, width: 3, stride: 2, dilation: 1, border };

test("the middle of a window leads back to its output cell", () => {
  for (const cell of [
    { row: 0, column: 0 },
    { row: 2, column: 1 },
  ]) {
    const { top, left } = windowBox(window, cell);
    assert.deepEqual(cellUnder(window, { row: top + 1, column: left + 1 }, [3, 3]), cell);
  }
});

test("beyond the last window it is the last cell", () =>
  assert.deepEqual(cellUnder(window, { row: 99, column: 0 }, [3, 3]), { row: 2, column: 0 }));
