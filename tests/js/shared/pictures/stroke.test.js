import assert from "node:assert/strict";
import { test } from "node:test";
import { rasterise } from "../../../../static/js/shared/pictures/stroke.js";

const line = {
  points: [
    { x: 0.25, y: 0.5 },
    { x: 0.75, y: 0.5 },
  ],
  width: 0.1,
  erase: false,
};

test("the ink of a line is its length times its width, with round ends", () => {
  const side = 100;
  const ink = rasterise([line], side).reduce((sum, value) => sum + value, 0);
  const expected = 50 * 10 + Math.PI * 5 ** 2;
  assert.ok(Math.abs(ink - expected) / expected < 0.01, `${ink} instead of ${expected}`);
});

test("drawing piece by piece gives the same as all at once", () => {
  const points = Array.from({ length: 9 }, (_, i) => ({ x: 0.1 + 0.1 * i, y: 0.5 + 0.3 * Math.sin(i) }));
  const whole = rasterise([{ points, width: 0.08, erase: false }], 56);
  const pieces = new Float32Array(56 * 56);
  for (let i = 1; i < points.length; i++)
    rasterise([{ points: points.slice(i - 1, i + 1), width: 0.08, erase: false }], 56, pieces);
  assert.deepEqual(pieces, whole);
});

test("the eraser takes away what it covers", () => {
  const values = rasterise([line, { ...line, width: 0.2, erase: true }], 100);
  assert.ok(Math.max(...values) < 0.01);
});

test("a stroke that leaves the pad does not wrap around", () => {
  const values = rasterise(
    [
      {
        points: [
          { x: 1.2, y: 0.5 },
          { x: 1.5, y: 0.5 },
        ],
        width: 0.1,
        erase: false,
      },
    ],
    20,
  );
  assert.equal(Math.max(...values), 0);
});
