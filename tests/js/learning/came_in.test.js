import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { kernelTerms, ofPicture } from "../../../static/js/learning/came_in.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/** What PyTorch's autograd says. */
const file = readFileSync(new URL("../fixtures/came_in.safetensors", import.meta.url));
const torch = safetensors(new Uint8Array(file).buffer).tensors;

test("the terms of every weight of a kernel add up to autograd's gradient", () => {
  const [outputs, channels, rows, columns] = torch.gradient.shape;
  for (let i = 0; i < torch.gradient.data.length; i++) {
    const index = [
      Math.floor(i / (channels * rows * columns)),
      Math.floor(i / (rows * columns)) % channels,
      Math.floor(i / columns) % rows,
      i % columns,
    ];
    assert.ok(index[0] < outputs);
    const { cameIn, cameBack, products, sum } = kernelTerms(torch.input, torch.came_back, index, {
      stride: [2, 1],
      padding: [1, 0],
    });
    const wanted = torch.gradient.data[i];
    assert.ok(Math.abs(sum - wanted) < 1e-5 * Math.max(1, Math.abs(wanted)), `${index}: ${sum} ${wanted}`);
    assert.deepEqual(cameIn.shape, cameBack.shape);
    products.data.forEach((product, at) => assert.ok(Math.abs(product - cameIn.data[at] * cameBack.data[at]) < 1e-6));
  }
});

test("a picture of a batch is its own part", () => {
  const batch = { shape: [2, 1, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  assert.deepEqual(ofPicture(batch, 1), { shape: [1, 3], data: Float32Array.of(4, 5, 6) });
});
