import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { denseNetwork } from "../../../static/js/latent/dense_network.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

const file = readFileSync(new URL("../fixtures/dense_network.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);
const network = denseNetwork(tensors, [
  { name: "one", then: "relu" },
  { name: "two", then: "sigmoid" },
]);

test("a network of dense layers gives what PyTorch gives", () => {
  network(tensors.x.data).forEach((value, i) => assert.ok(Math.abs(value - tensors.y.data[i]) < 1e-6));
});

test("an answer is not overwritten by the next", () => {
  const first = network([1, 2, 3]);
  const kept = [...first];
  network([-1, 0, 5]);
  assert.deepEqual([...first], kept);
});

test("a code of another length is refused", () => {
  assert.throws(() => network([1, 2]), /2 numbers; 3 are accepted/);
});
