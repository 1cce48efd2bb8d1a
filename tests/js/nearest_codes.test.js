import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestCodes } from "../../static/js/lib/nearest_codes.js";

test("the nearest come first, with their distances", () => {
  const codes = Float32Array.from([0, 0, 3, 4, 1, 0, -10, 0]);
  assert.deepEqual(nearestCodes(codes, [0, 0], 3), [
    { index: 0, distance: 0 },
    { index: 2, distance: 1 },
    { index: 1, distance: 5 },
  ]);
});
