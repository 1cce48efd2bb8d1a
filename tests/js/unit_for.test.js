import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../static/js/lib/place_of.js";
import { unitFor } from "../../static/js/lib/unit_for.js";

test("it is the inverse of placeOf", () => {
  for (const [unit, layout] of /** @type {[number[], string][]} */ ([
    [[3, 4, 5], "CHW"],
    [[4, 5, 3], "HWC"],
    [[7], "Z"],
  ])) {
    assert.deepEqual(unitFor(placeOf(unit, layout), layout), unit);
  }
});
