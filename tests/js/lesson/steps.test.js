import assert from "node:assert/strict";
import { test } from "node:test";
import { runStage } from "../../../static/js/convolution/run.js";
import { stateFromUrl } from "../../../static/js/convolution/state.js";
import { queryOf, urlTable } from "../../../static/js/frame/address_table.js";
import { lessonAddress, readPart, stepAddress } from "../../../static/js/lesson/address.js";
import { formatPart, parsePart } from "../../../static/js/lesson/part.js";
import {
  applied,
  look,
  noisePicture,
  randomKernel,
  somePlaces,
  stepped,
} from "../../../static/js/learning/one_kernel.js";
import { lessonSteps, answersRight } from "../../../static/js/lesson/steps.js";

/** The state that a page reads from an address. @param {string} query */
function read(query) {
  const pairs = [...new URLSearchParams(query)].map(([name, text]) => [
    name,
    urlTable[/** @type {keyof typeof urlTable} */ (name)].parse(text),
  ]);
  return Object.fromEntries(pairs);
}

/** @param {string} name */
function step(name) {
  const found = lessonSteps.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
}

/** What the addresses say when somebody has done the task, as the pages write them. @type {Record<string, string>} */
const DONE = {
  pixels: "image=sample-balls",
  tensors: "rank=4",
  scale: "unit=166,273&notation=1",
  colour: "image=sample-balls&unit=160,60&channels=gb",
  kernel: "matrix=0,0.6,0.6,0;0.6,0,0,0.6;0.6,0.6,0.6,0.6;0.6,0,0,0.6&padding=1&display=signed&preset=left-sobel",
  smaller:
    "matrix=3,3,2,1,0;0,0,1,3,1;3,1,2,2,3;2,0,0,2,2;2,0,0,0,1&preset=custom&kernel=0,1,2;2,2,0;0,1,2&display=signed",
  padding:
    "matrix=60,113,56,139,85;73,121,54,84,128;131,99,70,129,127;80,57,115,69,134;104,126,123,95,130&preset=sharpen&display=signed&padding=1",
  cube: "image=sample-balls&channels=cube&divisor=9&display=signed&preset=custom",
  pooling: "matrix=7,3,5,2;8,7,1,6;4,9,3,9;0,8,4,5&operation=max&display=signed",
  stride:
    "matrix=2,3,7,4,6,2,9;6,6,9,8,7,4,3;3,4,8,3,8,9,7;7,8,3,6,6,3,4;4,2,1,8,3,4,6;3,2,4,1,9,8,3;0,1,3,9,2,1,4&preset=custom&kernel=3,4,4;1,0,2;-1,0,3&display=signed&stride=2",
  flatten: "matrix=1,1,0;4,2,1;0,2,1&preset=custom&kernel=1&display=signed&operation=flatten&unit=0,0,3",
  decide: "digit=3&layer=dense2&unit=3",
  network: "digit=3&layer=conv2&unit=0,0,4",
  learn: "rate=0.12&seed=2",
  blame: "layer=dense2&unit=5&steprate=3",
  layer: "image=sample-cat&layer=conv1&network=photo_cnn&range=layer&sort=number&method=grad_cam",
  bottleneck: "model=autoencoder_2d",
  places: "model=autoencoder_2d&code=-28.9,-13.1",
  latent: "z=0,-2.5&code=0,0,0,0,0,0,0,0,0,0",
  cloud: "scale=0&seed=1",
  noise: "noised=1000",
  flow: "flowstep=0",
};

test("no step is done where it begins, and every step is where its task leads", () => {
  assert.deepEqual(
    Object.keys(DONE),
    lessonSteps.map(({ name }) => name),
  );
  for (const { name, state, done } of lessonSteps) {
    assert.equal(Boolean(done(read(queryOf(state)))), false, name);
    assert.equal(done(read(`${DONE[name]}&lesson=${name}`)), true, name);
  }
});

test("no step is done by what another one asks for, nor by half a task", () => {
  assert.ok(!step("smaller").done(read(DONE.padding)));
  assert.ok(!step("padding").done(read(DONE.padding.replace("padding=1", "padding=2"))));
  assert.ok(!step("stride").done(read(DONE.stride.replace("stride=2", "stride=3"))));
  assert.ok(!step("flatten").done(read(DONE.flatten.replace("&unit=0,0,3", ""))));
  assert.ok(!step("places").done(read("code=-29,2")));
  assert.ok(!step("latent").done(read("z=0,2.5")));
  assert.ok(!step("colour").done(read("channels=rg")));
});

/** What the convolution page computes at an address. @param {string} query */
function output(query) {
  const state = stateFromUrl(read(query));
  const matrix = /** @type {number[][]} */ (state.matrix);
  return runStage({ shape: [1, matrix.length, matrix[0].length], data: Float32Array.from(matrix.flat()) }, state)
    .output;
}

test("the answers about convolution are what the page computes", () => {
  assert.equal(output(DONE.kernel).data[0], Math.fround(step("kernel").answer));
  assert.deepEqual(output(DONE.smaller).shape, [1, step("smaller").answer, step("smaller").answer]);
  assert.equal(output(DONE.padding).data[0], step("padding").answer);
  assert.equal(output(DONE.pooling).data[1], step("pooling").answer);
  assert.deepEqual(output(DONE.stride).shape, [1, step("stride").answer, step("stride").answer]);
  assert.equal(output(DONE.flatten).data.indexOf(4), step("flatten").answer);
});

test("the numbers that a question quotes, weighed, are its answer", () => {
  for (const name of ["kernel", "padding"]) {
    const {
      tables: [numbers, kernel],
      answer,
    } = step(name);
    assert.equal(
      numbers.flat().reduce((sum, value, i) => sum + value * kernel.flat()[i], 0),
      answer,
      name,
    );
  }
});

test("a hundredth off is still right, a sign or a tenth off is not", () => {
  assert.ok(answersRight(-1.2, -1.2) && answersRight(-1.21, -1.2) && answersRight(0.79, 0.8));
  assert.ok(!answersRight(1.2, -1.2) && !answersRight(0.9, 0.8) && !answersRight(113, 114));
});

test("a part of the lesson is read, written shortly, and refused where it names no step", () => {
  assert.deepEqual(parsePart("1-5", 18), [1, 2, 3, 4, 5]);
  assert.deepEqual(parsePart(" 1, 3,7 – 9,8", 18), [1, 3, 7, 8, 9]);
  assert.equal(formatPart([1, 3, 7, 8, 9]), "1,3,7-9");
  for (const text of ["", "0-3", "17-19", "5-1", "one", "1,,2", "1-2-3", "-3", "1.5"])
    assert.equal(parsePart(text, 18), undefined, text);
});

test("addresses carry the part that was assigned, and nothing where it is the whole lesson", () => {
  const paths = { lesson: "/en/lesson", image: "/en/image" };
  const { assigned, refused } = readPart("2-4");
  assert.deepEqual([assigned.map(({ name }) => name), refused], [["tensors", "scale", "colour"], ""]);
  assert.equal(lessonAddress(paths, assigned), "/en/lesson?steps=2-4");
  assert.match(stepAddress(paths, assigned[0], assigned), /^[/]en[/]image[?].*lesson=tensors&steps=2-4$/);
  assert.equal(lessonAddress(paths, lessonSteps), "/en/lesson");
  assert.deepEqual(readPart("40"), { assigned: lessonSteps, refused: "40" });
});

test("the answers about learning are what the page computes", () => {
  const [weight] = stepped([0.5], [4], 0.1);
  assert.ok(answersRight(step("learn").answer, weight));
  const { aim, start, rate } = { aim: [1, 0, -1, 2, 0, -2, 1, 0, -1], start: randomKernel(2), rate: 0.2 };
  const picture = noisePicture(34, 7);
  const task = { picture, target: applied(picture, aim), places: somePlaces(1024, 1024, 1) };
  let kernel = start;
  for (let n = 0; n < 200; n++) kernel = stepped(kernel, look(task, kernel).gradient, rate);
  for (const [k, value] of kernel.entries()) assert.ok(Math.abs(value - aim[k]) < 0.005);
});
