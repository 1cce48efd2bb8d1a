import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  Arrows,
  bestVelocity,
  cleanOf,
  Crowd,
  distanceToNearest,
  gridOf,
  networkVelocity,
  noiseOf,
  score,
  wayOf,
} from "../../../static/js/diffusion/plane.js";
import { denseNetwork } from "../../../static/js/latent/dense_network.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

const file = readFileSync(new URL("../fixtures/plane.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);
const column = (/** @type {string} */ name, /** @type {number} */ i) =>
  Float64Array.from(tensors[name].data.filter((_, at) => at % 2 === i));
const points = { x: column("points", 0), y: column("points", 1) };
const shares = Array.from(column("shares", 0), (a, i) => ({ a, s: column("shares", 1)[i] }));
const each = tensors.x.shape[1];
/** @param {string} name @param {number} i @returns {import("../../../static/js/diffusion/plane.js").Pair} */
const pair = (name, i) => [tensors[name].data[2 * i], tensors[name].data[2 * i + 1]];

/** @param {number[]} found @param {number[]} wanted @param {number} share of the wanted one's length */
function near(found, wanted, share) {
  const apart = Math.hypot(found[0] - wanted[0], found[1] - wanted[1]);
  assert.ok(apart <= share * (1 + Math.hypot(...wanted)), `${found} is not ${wanted}`);
}

test("the score is the gradient of the log density that PyTorch finds", () => {
  shares.forEach((step, k) => {
    for (let i = 0; i < each; i++)
      near(score(points, ...pair("x", k * each + i), step), pair("scores", k * each + i), 2e-4);
  });
});

test("the best velocity is made of the score: noise = -s score", () => {
  const velocity = bestVelocity(points);
  shares.forEach((step, k) => {
    const place = pair("x", k * each);
    const [x, y] = pair("scores", k * each);
    near(noiseOf(place, velocity(...place, step), step), [-step.s * x, -step.s * y], 2e-4);
  });
});

test("noisy point, clean point and noise are one sum: x = a x0 + s e", () => {
  const velocity = bestVelocity(points);
  for (const step of shares) {
    const found = velocity(0.7, -1.1, step);
    const [clean, noise] = [cleanOf([0.7, -1.1], found, step), noiseOf([0.7, -1.1], found, step)];
    near([step.a * clean[0] + step.s * noise[0], step.a * clean[1] + step.s * noise[1]], [0.7, -1.1], 1e-5);
  }
});

test("a point goes the way that plain DDIM with autograd's score goes", () => {
  const way = wayOf(pair("way", 0), bestVelocity(points), shares);
  assert.equal(way.length, shares.length);
  way.forEach((place, i) => near(place, pair("way", i), 2e-3));
});

test("at the end of the best way, in steps that are fine enough, lies one of the points", () => {
  const angles = Array.from({ length: 120 }, (_, i) => 1.57 * 0.92 ** i);
  const fine = [...angles, 0].map((angle) => ({ a: Math.cos(angle), s: Math.sin(angle) }));
  for (const start of [pair("x", 0), pair("x", 1), pair("x", 2)]) {
    const end = wayOf(start, bestVelocity(points), fine)[120];
    assert.ok(distanceToNearest(points, end) < 1e-3, `${end}`);
  }
});

test("the network's answers are PyTorch's", () => {
  const names = ["dense1", "dense2", "dense3"];
  const layers = [
    ...names.map((name) => ({ name, then: /** @type {const} */ ("relu") })),
    { name: "to_velocity", then: /** @type {const} */ ("nothing") },
  ];
  const velocity = networkVelocity(denseNetwork(tensors, layers));
  shares.forEach((step, k) => near(velocity(...pair("x", k * each), step), pair("answers", k), 1e-5));
});

test("a grid's cells fill its square", () => {
  const grid = gridOf({ x: 1, y: 2, reach: 3 }, 3);
  assert.deepEqual(grid[0], [-1, 4]);
  assert.deepEqual(grid[4], [1, 2]);
  assert.deepEqual(grid[8], [3, 0]);
});

test("a crowd goes the ways of its points, in whatever pieces it is worked on", () => {
  const velocity = bestVelocity(points);
  const starts = [pair("x", 0), pair("x", 1), pair("x", 2)];
  const crowd = new Crowd(
    { x: Float64Array.from(starts, ([x]) => x), y: Float64Array.from(starts, ([, y]) => y) },
    velocity,
    shares,
  );
  let left = 7;
  crowd.work(() => left-- > 0);
  assert.ok(!crowd.whole);
  assert.equal(crowd.known.length, 3);
  assert.equal(crowd.at(5), crowd.at(2));
  crowd.work(() => true);
  assert.ok(crowd.whole);
  starts.forEach((start, i) => {
    const way = wayOf(start, velocity, shares);
    way.forEach(([x, y], step) => assert.deepEqual([crowd.at(step).x[i], crowd.at(step).y[i]], [x, y]));
  });
});

test("an arrow points against the noise, as long as it, and is cut at a length", () => {
  const places = [pair("x", 0), pair("x", 5), pair("x", 10)];
  const step = shares[3];
  const arrows = new Arrows(places, bestVelocity(points), step, { unit: 0.1, most: 0.15 });
  arrows.work(() => arrows.ways.length < 1);
  assert.ok(!arrows.whole);
  arrows.work(() => true);
  assert.equal(arrows.ways.length, 3);
  arrows.ways.forEach(([x, y], i) => {
    const noise = score(points, ...places[i], step).map((slope) => -step.s * slope);
    const long = Math.hypot(noise[0], noise[1]);
    assert.ok(Math.abs(Math.hypot(x, y) - Math.min(0.1 * long, 0.15)) < 1e-9);
    assert.ok(Math.abs(x * noise[1] - y * noise[0]) < 1e-9 && x * noise[0] + y * noise[1] < 0);
  });
});
