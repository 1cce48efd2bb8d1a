import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { safetensors } from "../../../static/js/shared/safetensors.js";
import {
  subTensor,
  centreSquare,
  crop,
  toGrey,
  stackTensors,
  pixelsToTensor,
  shrink,
  enlarge,
  planeOf,
} from "../../../static/js/shared/tensors.js";

test("each index takes one axis away", () => {
  const tensor = { shape: [2, 3, 4], data: Float32Array.from({ length: 24 }, (_, i) => i) };
  assert.deepEqual([...subTensor(tensor, [1, 2]).data], [20, 21, 22, 23]);
  assert.equal(subTensor(tensor, [1, 2, 3]).data[0], 23);
  assert.equal(subTensor(tensor, []).data.length, 24);
});

test("the middle of a wide picture, channel by channel", () => {
  const data = Float32Array.from({ length: 2 * 2 * 5 }, (_, i) => i);
  assert.deepEqual(centreSquare({ shape: [2, 2, 5], data }), {
    shape: [2, 2, 2],
    data: Float32Array.of(1, 2, 6, 7, 11, 12, 16, 17),
  });
});

test("a square picture stays as it is", () => {
  const data = Float32Array.of(1, 2, 3, 4);
  assert.deepEqual(centreSquare({ shape: [1, 2, 2], data }).data, data);
});

test("a piece of every channel", () => {
  const tensor = { shape: [2, 2, 3], data: Float32Array.from({ length: 12 }, (_, i) => i) };
  const piece = crop(tensor, { top: 1, left: 1, height: 1, width: 2 });
  assert.deepEqual([piece.shape, ...piece.data], [[2, 1, 2], 4, 5, 10, 11]);
});

test("as Pillow turns a picture grey", () => {
  const grey = toGrey({
    shape: [3, 1, 4],
    data: Float32Array.of(1, 0, 0, 10 / 255, 0, 1, 0, 200 / 255, 0, 0, 1, 30 / 255),
  });
  assert.deepEqual(
    Array.from(grey.data, (value) => Math.round(value * 255)),
    [76, 150, 29, 124],
  );
});

test("one axis more in front", () => {
  const { shape, data } = stackTensors([
    { shape: [2], data: Float32Array.of(1, 2) },
    { shape: [2], data: Float32Array.of(3, 4) },
  ]);
  assert.deepEqual([shape, ...data], [[2, 2], 1, 2, 3, 4]);
});

test("channels come apart, one after the other, and 255 is one", () => {
  const { shape, data } = pixelsToTensor([255, 0, 51, 255, 0, 255, 102, 255], 2, 1);
  assert.deepEqual(shape, [3, 1, 2]);
  assert.deepEqual([...data], [1, 0, 0, 1, 0.2, 0.4].map(Math.fround));
});

const bytes = await readFile(new URL("../fixtures/pooling.safetensors", import.meta.url));
const { x, shrunk } = safetensors(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)).tensors;

test("as PyTorch's adaptive average pooling", () => {
  const { shape, data } = shrink(x, 4, 3);
  assert.deepEqual(shape, shrunk.shape);
  data.forEach((value, i) => assert.ok(Math.abs(value - shrunk.data[i]) < 1e-6));
});

test("never enlarged", () => assert.deepEqual(shrink(x, 100, 100), { shape: x.shape, data: x.data }));

test("each pixel is repeated", () => {
  const { shape, data } = enlarge({ shape: [1, 1, 2], data: Float32Array.of(1, 2) }, 2, 4);
  assert.deepEqual([shape, ...data], [[1, 2, 4], 1, 1, 2, 2, 1, 1, 2, 2]);
});

test("one channel, without a copy", () => {
  const data = Float32Array.of(1, 2, 3, 4);
  const plane = planeOf({ shape: [2, 1, 2], data }, 1);
  assert.deepEqual([plane.shape, ...plane.data], [[1, 1, 2], 3, 4]);
  assert.equal(plane.data.buffer, data.buffer);
});
