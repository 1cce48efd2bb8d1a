import assert from "node:assert/strict";
import { test } from "node:test";
import { pcaMatch, firstNumbers } from "../../../static/js/autoencoder/pca.js";

const figures = {
  squared_error_per_pixel_16: 0.027,
  squared_error_per_pixel_2: 0.056,
  squared_error_per_pixel_8: 0.037,
  squared_error_per_pixel_mean: 0.067,
  test_pictures: 10000,
};

test("an error lies between two sizes of PCA, in the order of numbers rather than of words", () => {
  assert.deepEqual(pcaMatch(figures, 0.036), { beaten: 8, met: 16 });
  assert.deepEqual(pcaMatch(figures, 0.04), { beaten: 2, met: 8 });
});

test("the same error is met, not beaten", () => assert.deepEqual(pcaMatch(figures, 0.037), { beaten: 2, met: 8 }));

test("an error beyond all sizes has no neighbour on that side", () => {
  assert.deepEqual(pcaMatch(figures, 0.001), { beaten: 16, met: null });
  assert.deepEqual(pcaMatch(figures, 0.06), { beaten: null, met: 2 });
});

test("the first numbers stay, the rest are 0, the length is the code's", () => {
  assert.deepEqual(firstNumbers(Float32Array.of(1.5, -2, 3, 4), 2), [1.5, -2, 0, 0]);
  assert.deepEqual(firstNumbers([1, 2], 5), [1, 2]);
});
