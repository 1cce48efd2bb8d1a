import assert from "node:assert/strict";
import { test } from "node:test";
import { talkExamples } from "../../../static/js/convolution/examples.js";
import { runStage } from "../../../static/js/convolution/run.js";

const plain = {
  divisor: 1,
  bias: 0,
  flip: false,
  padding: 0,
  mode: /** @type {const} */ ("zeros"),
  stride: 1,
  dilation: 1,
  pool: 2,
  poolStride: 2,
};

/** @param {string} name */
function result(name) {
  const example = talkExamples.find((one) => one.name === name);
  assert.ok(example);
  const { matrix, kernel = [[1]], ...more } = example;
  const input = { shape: [1, matrix.length, matrix[0].length], data: Float32Array.from(matrix.flat()) };
  return runStage(input, { ...plain, ...more, kernels: [[kernel]] }).output;
}

/** @param {string} name @param {number[]} shape @param {number[]} values */
function is(name, shape, values) {
  const { shape: found, data } = result(name);
  assert.deepEqual(found, shape);
  assert.deepEqual([...data].slice(0, values.length), values.map(Math.fround));
}

test("the slides' results", () => {
  is("what", [1, 4, 4], [-1.2]);
  is("smaller", [1, 3, 3], [12, 12, 17, 10, 17, 19, 9, 6, 14]);
  is("padding", [1, 5, 5], [114]);
  is("pooling", [1, 2, 2], [8, 6, 9, 9]);
  is("stride", [1, 3, 3], [91]);
  is("flatten", [1, 1, 9], [1, 1, 0, 4, 2, 1, 0, 2, 1]);
});
