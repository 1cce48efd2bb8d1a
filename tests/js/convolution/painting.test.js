import assert from "node:assert/strict";
import { test } from "node:test";
import { convolve } from "../../../static/js/convolution/arithmetic.js";
import { paintPlanes, displayMode, partialPlanes } from "../../../static/js/convolution/painting.js";

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

test("what is black and what is white in each mode", () => {
  const values = [-40, 10, 300];
  const ends = (/** @type {import("../../../static/js/convolution/painting.js").DisplayName} */ name) => {
    const { low, high } = displayMode(name, values, 255);
    return [low, high];
  };
  assert.deepEqual(ends("clamp"), [0, 255]);
  assert.deepEqual(ends("absolute"), [0, 255]);
  assert.deepEqual(ends("middle"), [-255, 255]);
  assert.deepEqual(ends("signed"), [-300, 300]);
  assert.deepEqual(ends("rescaled"), [-40, 300]);
});

test("equal values do not divide by zero", () => assert.deepEqual(displayMode("rescaled", [4, 4], 255).high, 5));

const input = { shape: [3, 2, 2], data: Float32Array.from({ length: 12 }, (_, i) => i) };
const kernel = [[[1, 2]], [[-1, 0]], [[0.5, 3]]];

test("the parts add up to the whole convolution", () => {
  const { sum } = partialPlanes(input, kernel, { stride: 1, dilation: 1 }, [true, true, true]);
  assert.deepEqual(sum.data, convolve(input, [kernel]).data);
});

test("a slice that is off adds nothing", () => {
  const { parts, sum } = partialPlanes(input, kernel, { stride: 1, dilation: 1 }, [false, true, false]);
  assert.deepEqual(sum.data, parts[1].data);
});
