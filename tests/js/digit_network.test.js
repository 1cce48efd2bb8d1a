import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { digitNetwork } from "../../static/js/lib/digit_network.js";
import { safetensors } from "../../static/js/lib/safetensors.js";

const file = readFileSync(new URL("fixtures/digit_network.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);

test("the digit network gives what PyTorch gives", () => {
  const probabilities = digitNetwork(tensors)(tensors.x.data);
  assert.equal(probabilities.length, 10);
  probabilities.forEach((value, i) => assert.ok(Math.abs(value - tensors.y.data[i]) < 1e-6));
});
