import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { apart, spread, variety } from "../../../static/js/diffusion/apart.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/** What PyTorch says. */
const file = readFileSync(new URL("../fixtures/apart.safetensors", import.meta.url));
const torch = safetensors(new Uint8Array(file).buffer).tensors;
const pictures = Float32Array.from(torch.pictures.data);

/** @param {number} found @param {string} name */
const isTorchs = (found, name) => assert.ok(Math.abs(found - torch[name].data[0]) < 1e-5, `${name}: ${found}`);

test("two pictures are as far apart as torch.pdist says, per pixel", () => {
  isTorchs(apart(pictures.subarray(0, 784), pictures.subarray(784, 1568)), "first");
  assert.equal(apart(pictures.subarray(0, 784), pictures.subarray(0, 784)), 0);
});

test("the variety of pictures is the mean over their pairs", () => {
  isTorchs(variety(pictures), "mean");
  assert.equal(variety(pictures.subarray(0, 784)), 0);
});

test("the spread of noise is torch's standard deviation", () => isTorchs(spread(torch.noise.data), "spread"));
