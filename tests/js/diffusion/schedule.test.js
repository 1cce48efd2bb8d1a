import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { centred, cleanOf, noiseOf, noisy, pictureOf, velocity } from "../../../static/js/diffusion/schedule.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

const file = readFileSync(new URL("../fixtures/schedule.safetensors", import.meta.url));
const { tensors } = safetensors(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
const [a, s, clean, noise] = ["a", "s", "clean", "noise"].map((name) => Float32Array.from(tensors[name].data));
const schedule = { a, s };

/** @param {ArrayLike<number>} found @param {ArrayLike<number>} expected @param {number} [most] */
function close(found, expected, most = 1e-6) {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++) assert.ok(Math.abs(found[i] - expected[i]) <= most, `${i}: ${found[i]}`);
}

for (const step of [1, 400, 999])
  test(`pictures, noise and velocities of step ${step} are PyTorch's`, () => {
    const x = tensors[`x.${step}`].data;
    const v = tensors[`v.${step}`].data;
    close(noisy(schedule, clean, noise, step), x);
    close(velocity(schedule, clean, noise, step), v);
    close(cleanOf(schedule, x, v, step), clean, 1e-5);
    close(noiseOf(schedule, x, v, step), noise, 1e-5);
  });

test("the squares of the shares make one at every step", () => {
  a.forEach((share, i) => assert.ok(Math.abs(share ** 2 + s[i] ** 2 - 1) < 1e-6));
});

test("pixels go from 0..1 to -1..1 and back, what lies outside is cut", () => {
  assert.deepEqual([...centred([0, 0.5, 1])], [-1, 0, 1]);
  assert.deepEqual([...pictureOf([-3, -1, 0, 1, 2])], [0, 0, 0.5, 1, 1]);
});
