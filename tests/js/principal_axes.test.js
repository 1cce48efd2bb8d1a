import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { principalAxes } from "../../static/js/lib/principal_axes.js";
import { safetensors } from "../../static/js/shared/safetensors.js";

const file = readFileSync(new URL("fixtures/principal_axes.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);
const rows = /** @type {Float32Array} */ (tensors.rows.data);

test("axes, mean and share are those of PyTorch's singular value decomposition", () => {
  const width = tensors.rows.shape[1];
  const { mean, axes, share } = principalAxes(rows, width);
  mean.forEach((value, i) => assert.ok(Math.abs(value - tensors.mean.data[i]) < 1e-5));
  axes.forEach((axis, k) => {
    const along = axis.reduce((sum, value, i) => sum + value * tensors.axes.data[k * width + i], 0);
    assert.ok(Math.abs(along) > 0.9999, `axis ${k}: ${along}`);
  });
  assert.ok(Math.abs(share - tensors.share.data[0]) < 1e-4);
});

test("rows that are all the same have no spread to share", () =>
  assert.equal(principalAxes(new Float32Array(12).fill(2), 3).share, 0));
