import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { safetensors } from "../../static/js/shared/safetensors.js";
import { shrink } from "../../static/js/lib/shrink.js";

const bytes = await readFile(new URL("fixtures/pooling.safetensors", import.meta.url));
const { x, shrunk } = safetensors(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)).tensors;

test("as PyTorch's adaptive average pooling", () => {
  const { shape, data } = shrink(x, 4, 3);
  assert.deepEqual(shape, shrunk.shape);
  data.forEach((value, i) => assert.ok(Math.abs(value - shrunk.data[i]) < 1e-6));
});

test("never enlarged", () => assert.deepEqual(shrink(x, 100, 100), { shape: x.shape, data: x.data }));
