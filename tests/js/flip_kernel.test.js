import assert from "node:assert/strict";
import { test } from "node:test";
import { flipKernel } from "../../static/js/lib/flip_kernel.js";

test("half a turn", () =>
  assert.deepEqual(
    flipKernel([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    [
      [6, 5],
      [4, 3],
      [2, 1],
    ],
  ));
