import assert from "node:assert/strict";
import { test } from "node:test";
import { makerOf } from "../../static/js/lib/maker_of.js";

/** @type {(name: string, operation: string, ...inputs: string[]) => {name: string, operation: string, inputs: string[]}} */
const layer = (name, operation, ...inputs) => ({ name, operation, inputs });
const layers = [
  layer("input", "input"),
  layer("conv1", "conv2d", "input"),
  layer("norm1", "batch_norm", "conv1"),
  layer("relu1", "relu", "norm1"),
  layer("pool1", "max_pool2d", "relu1"),
  layer("add", "add", "pool1", "conv1"),
];

test("maps are made by the convolution before normalisation, ReLU and pooling", () => {
  assert.equal(makerOf(layers, "pool1")?.name, "conv1");
  assert.equal(makerOf(layers, "conv1")?.name, "conv1");
});

test("an addition is a maker of its own, and an unknown name has none", () => {
  assert.equal(makerOf(layers, "add")?.name, "add");
  assert.equal(makerOf(layers, "nowhere"), undefined);
});
