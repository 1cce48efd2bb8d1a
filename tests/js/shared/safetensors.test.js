import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/** Written by the reference implementation: python tests/js/fixtures/make.py */
const bytes = readFileSync(new URL("../fixtures/golden.safetensors", import.meta.url));
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

test("reads what the reference implementation wrote", () => {
  const { tensors, facts } = safetensors(buffer);
  assert.deepEqual(tensors.ramp.shape, [2, 3]);
  assert.deepEqual([...tensors.ramp.data], [0, 0.5, 1, 1.5, 2, 2.5]);
  assert.deepEqual([...tensors.bytes.data], [0, 127, 255]);
  assert.deepEqual(tensors.scalar.shape, []);
  assert.equal(tensors.scalar.data[0], -1.25);
  assert.deepEqual(facts, { word: "ñ", list: [1, 2] });
});

test("aligned tensors are views, not copies", () => {
  const { tensors } = safetensors(buffer);
  assert.equal(tensors.ramp.data.buffer, buffer);
});

test("a file cut short says so", () => {
  assert.throws(() => safetensors(buffer.slice(0, 4)), /at least 8 bytes, this one has 4/);
  assert.throws(() => safetensors(buffer.slice(0, 20)), /the file has 20/);
  assert.throws(() => safetensors(buffer.slice(0, buffer.byteLength - 1)), /ends at/);
});
