import assert from "node:assert/strict";
import { test } from "node:test";
import { paintColour, paintChannel } from "../../../static/js/image/painting.js";

const tensor = { shape: [3, 1, 1], data: Float32Array.of(0.2, 0.4, 0.6) };

test("with each channel on or off", () => {
  assert.deepEqual([...paintColour(tensor)], [51, 102, 153, 255]);
  assert.deepEqual([...paintColour(tensor, "rb")], [51, 0, 153, 255]);
});

test("in its colour, or in grey", () => {
  assert.deepEqual([...paintChannel(tensor, 1, true)], [0, 102, 0, 255]);
  assert.deepEqual([...paintChannel(tensor, 1, false)], [102, 102, 102, 255]);
});
