import assert from "node:assert/strict";
import { test } from "node:test";
import { sortChannels } from "../../static/js/lib/sort_channels.js";

const stack = { channels: 3, rows: 1, columns: 2, data: Float32Array.from([0, 1, -5, 4, 0, 0]) };

test("as the network counts", () => assert.deepEqual(sortChannels(stack, "number"), [0, 1, 2]));
test("the largest mean size first, whatever the sign", () =>
  assert.deepEqual(sortChannels(stack, "strength"), [1, 0, 2]));
test("the most silent first; equals stay in their order", () =>
  assert.deepEqual(sortChannels(stack, "sparsity"), [2, 0, 1]));
test("what the class loses most by first; the network's order while that is unknown", () => {
  assert.deepEqual(sortChannels(stack, "effect", [-1, 0.5, 2]), [2, 1, 0]);
  assert.deepEqual(sortChannels(stack, "effect"), [0, 1, 2]);
});
