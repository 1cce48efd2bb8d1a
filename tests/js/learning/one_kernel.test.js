import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  applied,
  largestRate,
  look,
  noisePicture,
  pixelsUnder,
  randomKernel,
  somePlaces,
  standardised,
  stepped,
} from "../../../static/js/learning/one_kernel.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/** What PyTorch's autograd and gradient descent say. */
const file = readFileSync(new URL("../fixtures/one_kernel.safetensors", import.meta.url));
const torch = safetensors(new Uint8Array(file).buffer).tensors;
const { picture, hidden, start } = torch;

/** @param {ArrayLike<number>} own @param {ArrayLike<number>} theirs */
function near(own, theirs) {
  assert.equal(own.length, theirs.length);
  const largest = Array.from(theirs, Math.abs).reduce((a, b) => Math.max(a, b), 0);
  Array.from(own, (value, i) => assert.ok(Math.abs(value - theirs[i]) <= 1e-6 * largest, `${value} ${theirs[i]}`));
}

/** The task as PyTorch had it, looking at all places or at some. */
const tasks = ["all", "some"].map((name) => {
  const places = Array.from(torch[`${name} places`].data);
  return { name, task: { picture, target: applied(picture, hidden.data), places } };
});

test("prediction, loss and gradient are autograd's", () => {
  for (const { name, task } of tasks) {
    const { prediction, loss, gradient } = look(task, start.data);
    near(prediction, torch[`${name} prediction`].data);
    near([loss], torch[`${name} loss`].data);
    near(gradient, torch[`${name} gradient`].data);
  }
});

test("forty steps end where torch's SGD ends", () => {
  for (const { name, task } of tasks) {
    let kernel = Float64Array.from(start.data);
    for (let step = 0; step < 40; step++) kernel = stepped(kernel, look(task, kernel).gradient, 0.05);
    near(kernel, torch[`${name} after`].data);
  }
});

test("the largest rate is 2 over torch's largest eigenvalue", () => {
  for (const { name, task } of tasks) near([largestRate(task)], torch[`${name} rate`].data);
});

test("terms of a place are twice its error times the pixels under it", () => {
  for (const { name, task } of tasks) {
    const { errors } = look(task, start.data);
    const sums = new Float64Array(9);
    for (const place of task.places)
      pixelsUnder(picture, place).forEach((pixel, k) => (sums[k] += (2 * errors[place] * pixel) / task.places.length));
    near(sums, torch[`${name} gradient`].data);
  }
});

/** @param {number} times the largest rate */
function learnt(times, steps = 400) {
  const noise = noisePicture(20, 3);
  const task = { picture: noise, target: applied(noise, hidden.data), places: somePlaces(324, 324, 1) };
  let kernel = randomKernel(1);
  for (let step = 0; step < steps; step++)
    kernel = stepped(kernel, look(task, kernel).gradient, times * largestRate(task));
  return kernel;
}

test("below the largest rate it ends at the hidden kernel, above it runs away", () => {
  near(learnt(0.5), hidden.data);
  assert.ok(Math.max(...learnt(1.1).map(Math.abs)) > 1e6);
});

test("with fewer than nine places the loss ends at 0, and the kernel is another", () => {
  const noise = noisePicture(20, 3);
  const task = { picture: noise, target: applied(noise, hidden.data), places: somePlaces(5, 324, 1) };
  let kernel = randomKernel(1);
  for (let step = 0; step < 3000; step++) kernel = stepped(kernel, look(task, kernel).gradient, largestRate(task) / 2);
  assert.ok(look(task, kernel).loss < 1e-9);
  assert.ok(Math.max(...kernel.map((weight, k) => Math.abs(weight - hidden.data[k]))) > 0.1);
});

test("more places with the same seed are those and others", () => {
  const [few, many] = [somePlaces(9, 100, 4), somePlaces(30, 100, 4)];
  assert.equal(new Set(many).size, 30);
  assert.ok(few.every((place) => many.includes(place)));
});

test("a standardised picture has mean 0 and spread 1, an even one stays even", () => {
  const data = Array.from(standardised(picture).data);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  assert.ok(Math.abs(mean) < 1e-6 && Math.abs(variance - 1) < 1e-5);
  assert.deepEqual([...standardised({ shape: [1, 1, 2], data: Float32Array.of(3, 3) }).data], [0, 0]);
});
