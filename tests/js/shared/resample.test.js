import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { resample } from "../../../static/js/shared/resample.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

const { tensors } = safetensors(
  new Uint8Array(readFileSync(new URL("../fixtures/placed_digits.safetensors", import.meta.url))).buffer,
);
const { x, shrunk, enlarged } = tensors;

test("shrinking three times is PyTorch's average pooling", () => {
  const own = resample(x, 0, 0, 3, 4);
  for (let i = 0; i < 16; i++)
    assert.ok(Math.abs(own[i] - shrunk.data[Math.floor(i / 4) * shrunk.shape[1] + (i % 4)]) < 1e-6);
});

test("enlarging twice is PyTorch's bilinear interpolation inside the picture", () => {
  const own = resample(x, 0, 0, 0.5, 24);
  for (let row = 1; row < 23; row++) {
    for (let column = 1; column < 24; column++)
      assert.ok(Math.abs(own[row * 24 + column] - enlarged.data[row * 40 + column]) < 1e-6);
  }
});

test("at its own size and place a picture stays as it is, and outside it is dark", () => {
  const own = resample(x, -2, 0, 1, 14);
  for (let i = 0; i < own.length; i++) {
    const row = Math.floor(i / 14) - 2;
    assert.equal(own[i], row < 0 ? 0 : x.data[row * 20 + (i % 14)]);
  }
});
