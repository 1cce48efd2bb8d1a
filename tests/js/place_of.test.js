import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../static/js/lib/place_of.js";

test("channel, row and column are found however the layer is laid out", () => {
  assert.deepEqual(placeOf([3, 4, 5], "CHW"), { channel: 3, row: 4, column: 5 });
  assert.deepEqual(placeOf([4, 5, 3], "HWC"), { channel: 3, row: 4, column: 5 });
  assert.deepEqual(placeOf([7], "Z"), { channel: 7, row: 0, column: 0 });
});
