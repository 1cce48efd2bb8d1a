import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { safetensors, safetensorsBytes } from "../../../static/js/shared/safetensors.js";

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

// safetensors.numpy.save({"z": np.array([[0.5, -1.25]], "f4")}, {"json": '{"id":7,"ask":"decode"}'}), base64
const PYTHONS =
  "cAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJqc29uIjoie1wiaWRcIjo3LFwiYXNrXCI6XCJkZWNvZGVcIn0ifSwieiI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMSwyXSwiZGF0YV9vZmZzZXRzIjpbMCw4XX19AAAAPwAAoL8=";

test("the bytes are those that Python writes", () => {
  const file = safetensorsBytes({ z: { shape: [1, 2], data: Float32Array.of(0.5, -1.25) } }, { id: 7, ask: "decode" });
  assert.equal(Buffer.from(file).toString("base64"), PYTHONS);
});

test("several tensors, views of larger buffers and facts in any script are read back", () => {
  const whole = Float32Array.of(9, 1, 2, 3, 9);
  const facts = { id: 1, words: "μ y ñ" };
  const file = safetensorsBytes(
    {
      some: { shape: [3], data: whole.subarray(1, 4) },
      bytes: { shape: [1, 5], data: Uint8Array.of(1, 2, 3, 4, 255) },
    },
    facts,
  );
  const { tensors, facts: read } = safetensors(file.buffer);
  assert.deepEqual(Array.from(tensors.some.data), [1, 2, 3]);
  assert.deepEqual(
    [tensors.bytes.shape, Array.from(tensors.bytes.data)],
    [
      [1, 5],
      [1, 2, 3, 4, 255],
    ],
  );
  assert.deepEqual(read, facts);
});

// safetensors.numpy.save({"halves": np.array([[0, 0.5, -1.25], [6e-8, 0.1, 65504]], "f2")}), base64
const HALVES =
  "QAAAAAAAAAB7ImhhbHZlcyI6eyJkdHlwZSI6IkYxNiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMCwxMl19fSAgAAAAOAC9AQBmLv97";

test("halves are read as the same numbers, the smallest and the largest too", () => {
  const file = Buffer.from(HALVES, "base64");
  const { shape, data } = safetensors(file.buffer.slice(file.byteOffset, file.byteOffset + file.length)).tensors.halves;
  assert.deepEqual(shape, [2, 3]);
  assert.deepEqual([...data], [0, 0.5, -1.25, 2 ** -24, 0.0999755859375, 65504]);
});
