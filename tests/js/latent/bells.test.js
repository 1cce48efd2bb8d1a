import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { barsOf, density, meanAndSpread, throwsOf } from "../../../static/js/latent/bells.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/** What PyTorch's normal distribution says. */
const file = readFileSync(new URL("../fixtures/bells.safetensors", import.meta.url));
const torch = safetensors(new Uint8Array(file).buffer).tensors;
const [mu, sigma, x] = ["mu", "sigma", "x"].map((name) => Array.from(torch[name].data));

/** Points of a bell, so many. @param {number} i @param {number} count */
const drawn = (i, count) => throwsOf(1, count, 4)[i].map((epsilon) => mu[i] + sigma[i] * epsilon);

test("a bell is as high as torch's normal distribution", () => {
  for (let i = 0; i < 4; i++)
    x.forEach((at, j) => {
      const wanted = torch.density.data[i * x.length + j];
      assert.ok(Math.abs(density(at, mu[i], sigma[i]) - wanted) < 1e-6 + 1e-5 * wanted);
    });
});

test("of ten thousand points as many lie below each place as torch says", () => {
  for (let i = 0; i < 4; i++) {
    const points = drawn(i, 10000);
    x.forEach((at, j) => {
      const below = points.filter((point) => point <= at).length / points.length;
      assert.ok(Math.abs(below - torch.below.data[i * x.length + j]) < 0.02);
    });
  }
});

test("the same seed throws the same, whatever is thrown after; the four differ", () => {
  const [few, many] = [throwsOf(7, 3, 4), throwsOf(7, 50, 4)];
  few.forEach((list, i) => assert.deepEqual(list, many[i].slice(0, 3)));
  assert.equal(new Set(many.flat()).size, 200);
  assert.notDeepEqual(throwsOf(8, 3, 4), few);
});

test("a histogram has an area of 1, and a thousand points fill the curve where one does not", () => {
  for (let i = 0; i < 4; i++) {
    const gap = (/** @type {number} */ count) => {
      const bars = barsOf(drawn(i, count), mu[i], sigma[i]);
      const area = bars.reduce((sum, { width, height }) => sum + width * height, 0);
      assert.ok(Math.abs(area - 1) < 1e-9);
      let apart = 0;
      for (let at = -8; at < 10; at += 0.01) {
        const bar = bars.find((one) => at >= one.x && at < one.x + one.width);
        apart += 0.01 * Math.abs((bar?.height ?? 0) - density(at, mu[i], sigma[i]));
      }
      return apart;
    };
    assert.ok(gap(1) > 1);
    assert.ok(gap(1000) < 0.25);
  }
});

test("the mean and the spread of points", () => {
  assert.deepEqual(meanAndSpread([1, 3]), { mean: 2, spread: 1 });
  assert.deepEqual(meanAndSpread([4]), { mean: 4, spread: 0 });
});
