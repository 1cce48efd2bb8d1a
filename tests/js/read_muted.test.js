import assert from "node:assert/strict";
import { test } from "node:test";
import { readMuted } from "../../static/js/lib/read_muted.js";

test("one edit for each layer", () => {
  assert.deepEqual(readMuted(["conv1~3", "block1.add~0", "conv1~5"]), [
    { edit: "mute", layer: "conv1", channels: [3, 5] },
    { edit: "mute", layer: "block1.add", channels: [0] },
  ]);
});

test("what makes no sense is left out", () => assert.deepEqual(readMuted(["conv1", "conv1~x", "~3"]), []));
