import assert from "node:assert/strict";
import test from "node:test";
import { reachOf, secondWeight, upsideDown } from "../../../static/js/learning/loss_plane.js";

const gradient = { shape: [2, 1, 2, 2], data: Float32Array.of(0.1, -0.2, 0.3, 0, 5, 0, -7, 0) };

test("the second weight is the one that is asked for, and never the first", () => {
  const second = (/** @type {string} */ way, /** @type {number[]} */ index) =>
    secondWeight(way, "conv1", index, gradient);
  assert.deepEqual(second("largest", [0, 0, 0, 0]), { parameter: "conv1.weight", index: [1, 0, 1, 0] });
  assert.deepEqual(second("largest", [1, 0, 1, 0]).index, [1, 0, 0, 0]);
  assert.deepEqual(second("beside", [0, 0, 1, 1]).index, [0, 0, 1, 0]);
  assert.deepEqual(second("kernel", [1, 0, 1, 1]).index, [0, 0, 1, 1]);
  assert.deepEqual(second("bias", [1, 0, 1, 1]), { parameter: "conv1.bias", index: [1] });
  const dead = { shape: [1, 3], data: new Float32Array(3) };
  assert.deepEqual(secondWeight("largest", "dense1", [0, 0], dead).index, [0, 1]);
});

test("a plane reaches some steps of the weight that moves more, within bounds", () => {
  assert.equal(reachOf([0.5, -2], 0.1, 4), 0.8);
  assert.equal(reachOf([0, 0], 0.1, 4), 0.05);
  assert.equal(reachOf([1e3, 0], 100, 1000), 100);
});

test("upside down, the last row comes first", () => {
  const { data } = upsideDown({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  assert.deepEqual([...data], [4, 5, 6, 1, 2, 3]);
});
