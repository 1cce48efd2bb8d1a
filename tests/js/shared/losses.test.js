import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { squaredError, crossEntropy, klDivergence } from "../../../static/js/shared/losses.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/** Tensors that PyTorch made. @param {string} name */
function recorded(name) {
  const file = readFileSync(new URL(`../fixtures/${name}.safetensors`, import.meta.url));
  return safetensors(new Uint8Array(file).buffer).tensors;
}

test("the squared error is torch's mse_loss", () => {
  const { picture, copy, error } = recorded("squared_error");
  assert.ok(Math.abs(squaredError(picture.data, copy.data) - error.data[0]) < 1e-7);
});

test("the cross-entropy is torch's, and a picture's own is the least", () => {
  const { picture, copy, nats } = recorded("cross_entropy");
  assert.ok(Math.abs(crossEntropy(picture.data, copy.data) - nats.data[0]) < 0.01);
  assert.ok(crossEntropy(picture.data, picture.data) < nats.data[0]);
});

test("the KL divergence is torch's", () => {
  const tensors = recorded("kl_divergence");
  klDivergence(tensors.mu.data, tensors.log_variance.data).forEach((nats, i) =>
    assert.ok(Math.abs(nats - tensors.kl.data[i]) < 1e-6),
  );
});
