import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { forward, judged } from "../../../static/js/digits/forward.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";
import { difference } from "../../../static/js/shared/statistics.js";
import { forwardFixture } from "./forward_fixture.js";

const { layers, weights, recorded } = forwardFixture();

test("every layer gives what PyTorch gives: padding, stride, oblong kernel, pooling, dense, softmax", () => {
  const own = forward(layers, weights, recorded.input);
  assert.deepEqual(Object.keys(own).sort(), Object.keys(recorded).sort());
  for (const [name, { shape }] of Object.entries(recorded)) assert.deepEqual(own[name].shape, shape, name);
  const { count, largest } = difference(own, recorded);
  assert.equal(
    count,
    Object.values(recorded).reduce((sum, { data }) => sum + data.length, 0),
  );
  assert.ok(largest < 1e-6, `${largest}`);
});

test("a map that is switched off gives 0, and what follows changes", () => {
  const own = forward(layers, weights, recorded.input, { conv1: [1], dense1: [0] });
  assert.ok(own.relu1.data.subarray(100, 200).every((value) => value === 0));
  assert.ok(own.conv1.data.subarray(0, 100).every((value, i) => Math.abs(value - recorded.conv1.data[i]) < 1e-6));
  assert.equal(own.dense1.data[0], 0);
  assert.ok(difference({ conv2: own.conv2 }, recorded).largest > 0.01);
});

test("an operation that is not known is named", () => {
  assert.throws(() => forward([{ ...layers[0], operation: "gelu" }], weights, recorded.input), /gelu/);
});

test("the judge gives what PyTorch's dense layers with ReLU between and a sigmoid behind give", () => {
  const bytes = readFileSync(new URL("../fixtures/dense_network.safetensors", import.meta.url));
  const { tensors } = safetensors(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const layer = (/** @type {string} */ name) => ({ weight: tensors[`${name}.weight`], bias: tensors[`${name}.bias`] });
  const own = judged({ dense1: layer("one"), dense2: layer("two") }, tensors.x);
  assert.ok(Math.abs(own - tensors.y.data[0]) < 1e-6, `${own}`);
});
