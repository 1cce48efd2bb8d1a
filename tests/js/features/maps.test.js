import assert from "node:assert/strict";
import { test } from "node:test";
import { channelStack } from "../../../static/js/features/maps.js";

const data = Float32Array.from([1, 2, 3, 4, 5, 6]);

test("maps that come one after the other stay as they are, without a copy", () => {
  const stack = channelStack({ shape: [1, 3, 1, 2], data }, "CHW");
  assert.deepEqual([stack.channels, stack.rows, stack.columns], [3, 1, 2]);
  assert.equal(stack.data, data);
});

test("channels that come last become maps", () => {
  const stack = channelStack({ shape: [1, 1, 2, 3], data }, "HWC");
  assert.deepEqual([...stack.data], [1, 4, 2, 5, 3, 6]);
});

test("a vector's values are maps of one pixel", () => {
  const stack = channelStack({ shape: [1, 6], data }, "Z");
  assert.deepEqual([stack.channels, stack.rows, stack.columns], [6, 1, 1]);
});
