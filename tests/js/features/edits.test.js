import assert from "node:assert/strict";
import { test } from "node:test";
import { withEdit, readMuted } from "../../../static/js/features/edits.js";

/** @typedef {import("../../../static/js/frame/edit_codec.js").Edit} Edit */

const scale = (/** @type {number} */ channel, /** @type {number} */ factor) =>
  /** @type {Edit} */ ({ edit: "scale", layer: "conv1", channels: [channel], factor });
const swap = (/** @type {number[]} */ ...channels) => /** @type {Edit} */ ({ edit: "swap", layer: "conv1", channels });
const kernel = (/** @type {number} */ input, /** @type {number} */ value) =>
  /** @type {Edit} */ ({ edit: "kernel", layer: "dense", output: 1, input, values: value });

test("a change of the same thing takes the place of the earlier one", () => {
  assert.deepEqual(withEdit([scale(1, 2), scale(2, 2)], scale(1, 3)), [scale(1, 3), scale(2, 2)]);
  assert.deepEqual(withEdit([kernel(4, 1)], kernel(4, 2)), [kernel(4, 2)]);
  assert.deepEqual(withEdit([swap(0, 1)], swap(1, 0)), [swap(1, 0)]);
});

test("a change of another thing comes last", () => {
  assert.deepEqual(withEdit([], scale(1, 2)), [scale(1, 2)]);
  assert.deepEqual(withEdit([kernel(4, 1)], kernel(5, 1)), [kernel(4, 1), kernel(5, 1)]);
  assert.deepEqual(withEdit([scale(0, 1)], { ...scale(0, 1), layer: "conv2" }).length, 2);
});

test("one edit for each layer", () => {
  assert.deepEqual(readMuted(["conv1~3", "block1.add~0", "conv1~5"]), [
    { edit: "mute", layer: "conv1", channels: [3, 5] },
    { edit: "mute", layer: "block1.add", channels: [0] },
  ]);
});

test("what makes no sense is left out", () => assert.deepEqual(readMuted(["conv1", "conv1~x", "~3"]), []));
