import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeBox } from "../../static/js/lib/node_box.js";

test("half the side is a step lower, more maps are wider", () => {
  const [large, small] = [nodeBox([64, 56, 56], "CHW"), nodeBox([128, 28, 28], "CHW")];
  assert.ok(Math.abs(large.height - small.height - 7) < 1e-9);
  assert.ok(small.width > large.width);
});

test("channels last is the same layer, and a vector is flat", () => {
  assert.deepEqual(nodeBox([56, 56, 96], "HWC"), nodeBox([96, 56, 56], "CHW"));
  assert.equal(nodeBox([1000], "Z").height, 8);
});
