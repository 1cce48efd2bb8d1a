import assert from "node:assert/strict";
import { test } from "node:test";
import { innerPoints } from "../../static/js/lib/inner_points.js";

test("stray points are left out", () => {
  const inner = innerPoints(
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [99, 99],
    ],
    0.8,
  );
  assert.equal(inner.length, 4);
  assert.ok(inner.every(([x]) => x < 2));
});
