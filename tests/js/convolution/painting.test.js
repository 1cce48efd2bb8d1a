import assert from "node:assert/strict";
import { test } from "node:test";
import { paintPlanes } from "../../../static/js/convolution/painting.js";

const grey = { low: 0, high: 255, absolute: false, coloured: false };
const one = { shape: [1, 1, 3], data: Float32Array.of(-20, 51, 300) };

test("grey is clamped, or taken by its size", () => {
  assert.deepEqual(
    [...paintPlanes(one, grey, new Uint32Array(256))].filter((_, i) => i % 4 === 0),
    [0, 51, 255],
  );
  assert.equal(paintPlanes(one, { ...grey, absolute: true }, new Uint32Array(256))[0], 20);
});

test("three planes are red, green and blue", () => {
  const three = { shape: [3, 1, 1], data: Float32Array.of(1, 2, 3) };
  assert.deepEqual([...paintPlanes(three, grey, new Uint32Array(256))], [1, 2, 3, 255]);
});
