import assert from "node:assert/strict";
import { test } from "node:test";
import { convolve } from "../../static/js/convolution/arithmetic.js";
import { partialPlanes } from "../../static/js/lib/partial_planes.js";

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
