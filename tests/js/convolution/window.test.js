import assert from "node:assert/strict";
import { test } from "node:test";
import { windowTerms, windowBox, cellUnder, outputSize, paddingOf } from "../../../static/js/convolution/window.js";

const input = { shape: [2, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => i) };

test("the terms add up, over all channels", () => {
  const { parts, sum } = windowTerms(input, [[[1, 2]], [[0, -1]]], { row: 1, column: 1 });
  assert.deepEqual(
    parts[0].terms[0].map(({ value, weight, product }) => [value, weight, product]),
    [
      [4, 1, 4],
      [5, 2, 10],
    ],
  );
  assert.deepEqual(
    parts.map((part) => part.sum),
    [14, -14],
  );
  assert.equal(sum, 0);
});

test("one slice over the channel that is looked at, with stride and dilation", () => {
  const { parts } = windowTerms(input, [[[1, 1]]], { row: 0, column: 0, channel: 1 }, { dilation: 2 });
  assert.deepEqual(
    parts[0].terms[0].map(({ row, column, value }) => [row, column, value]),
    [
      [0, 0, 9],
      [0, 2, 11],
    ],
  );
});

const border = { top: 0, left: 0, bottom: 0, right: 0 };

test("stride moves it, dilation widens it", () => {
  assert.deepEqual(windowBox({ height: 3, width: 2, stride: 2, dilation: 2, border }, { row: 1, column: 3 }), {
    top: 2,
    left: 6,
    bottom: 7,
    right: 9,
  });
});

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

test("the floor is taken", () => {
  assert.equal(outputSize({ size: 7, kernel: 3, stride: 2 }), 3);
  assert.equal(outputSize({ size: 8, kernel: 3, stride: 2 }), 3);
  assert.equal(outputSize({ size: 5, kernel: 3, padding: 2 }), 5);
  assert.equal(outputSize({ size: 9, kernel: 3, dilation: 3 }), 3);
});

test("a window that does not fit has no place", () => assert.ok(outputSize({ size: 2, kernel: 3 }) < 1));

test("same adds what the window takes, one more at the end where it is odd", () => {
  assert.deepEqual(paddingOf("same", [3, 4]), { top: 1, left: 1, bottom: 1, right: 2 });
  assert.deepEqual(paddingOf("same", [3, 3], 2), { top: 2, left: 2, bottom: 2, right: 2 });
});

test("a number goes to all sides", () =>
  assert.deepEqual(paddingOf(2, [3, 3]), { top: 2, left: 2, bottom: 2, right: 2 }));
