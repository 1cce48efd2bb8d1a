import assert from "node:assert/strict";
import { test } from "node:test";
import { forward } from "../../../static/js/digits/forward.js";
import { changedPlaces, leftBehind, moveMaps, strongestMap } from "../../../static/js/digits/shift.js";

const picture = { shape: [1, 12, 12], data: new Float32Array(144) };
for (let row = 4; row < 8; row++)
  for (let column = 5; column < 8; column++) picture.data[row * 12 + column] = row * column;

test("moved to the right and up, what leaves is gone and what comes is 0", () => {
  const moved = moveMaps({ shape: [2, 2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) }, -1, 1);
  assert.deepEqual([...moved.data], [0, 4, 5, 0, 0, 0, 0, 10, 11, 0, 0, 0]);
});

test("the maps of a convolution move along to the last digit, those of a dense layer do not", () => {
  const weight = { shape: [2, 1, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => Math.sin(i + 1)) };
  const bias = { shape: [2], data: Float32Array.from([0.5, -0.5]) };
  const layers = [
    { name: "conv", operation: "conv2d", shape: [2, 12, 12], parameters: 20, options: { padding: [1, 1] } },
    { name: "relu", operation: "relu", shape: [2, 12, 12], parameters: 0, options: {} },
    { name: "flatten", operation: "flatten", shape: [288], parameters: 0, options: {} },
  ];
  const run = (/** @type {any} */ input) => forward(layers, { conv: { weight, bias } }, input);
  const [before, after] = [run(picture), run(moveMaps(picture, 2, -3))];
  assert.equal(leftBehind(before.relu, after.relu, 2, -3), 0);
  assert.ok(leftBehind(before.relu, after.relu, 0, 0) > 1);
  assert.ok(changedPlaces(before.flatten.data, after.flatten.data) > 10);
  assert.equal(changedPlaces(before.flatten.data, before.flatten.data), 0);
});

test("the strongest map has the largest sum", () => {
  assert.equal(strongestMap({ shape: [3, 1, 2], data: Float32Array.from([9, -9, 1, 2, 0, 1]) }), 1);
});
