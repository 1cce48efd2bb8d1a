import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { crossEntropy } from "../../static/js/lib/cross_entropy.js";
import { safetensors } from "../../static/js/shared/safetensors.js";

const file = readFileSync(new URL("fixtures/cross_entropy.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);

test("the cross-entropy is torch's, and a picture's own is the least", () => {
  const { picture, copy, nats } = tensors;
  assert.ok(Math.abs(crossEntropy(picture.data, copy.data) - nats.data[0]) < 0.01);
  assert.ok(crossEntropy(picture.data, picture.data) < nats.data[0]);
});
