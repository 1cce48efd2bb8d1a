import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { klDivergence } from "../../static/js/lib/kl_divergence.js";
import { safetensors } from "../../static/js/shared/safetensors.js";

const file = readFileSync(new URL("fixtures/kl_divergence.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);

test("the KL divergence is torch's", () => {
  klDivergence(tensors.mu.data, tensors.log_variance.data).forEach((nats, i) =>
    assert.ok(Math.abs(nats - tensors.kl.data[i]) < 1e-6),
  );
});
