import assert from "node:assert/strict";
import { test } from "node:test";
import { byChannel } from "../../../static/js/digits/explain_unit.js";
import {
  shareWithin,
  entropy,
  entropyBits,
  softmax,
  histogram,
  correlation,
  likeliest,
  runnerUp,
  strongest,
  normals,
} from "../../../static/js/shared/statistics.js";

test("certainty is 0 bits, two equal chances 1 bit, ten 3.32", () => {
  assert.equal(entropy([0, 1, 0]), 0);
  assert.equal(entropy([0.5, 0.5]), 1);
  assert.ok(Math.abs(entropy(Array(10).fill(0.1)) - Math.log2(10)) < 1e-12);
});

test("even counts have all bits, a single class none", () => {
  assert.ok(Math.abs(entropyBits([1, 1, 1, 1]) - 2) < 1e-12);
  assert.equal(entropyBits([0, 7, 0]), 0);
});

test("e to the score as a share of the sum, and large scores do not overflow", () => {
  const shares = softmax([0, Math.log(3), -Infinity]);
  assert.ok(Math.abs(shares[0] - 0.25) < 1e-7 && Math.abs(shares[1] - 0.75) < 1e-7 && shares[2] === 0);
  assert.ok(Math.abs(softmax([1000, 1000])[0] - 0.5) < 1e-7);
});

test("a high temperature levels, a low one sharpens", () => {
  assert.ok(softmax([1, 2], 10)[1] < 0.53);
  assert.ok(softmax([1, 2], 0.1)[1] > 0.9999);
});

test("equal parts, the last one with its end, and nothing from outside", () => {
  assert.deepEqual(histogram([0, 0.5, 1, 1.99, 2, 3.9, 4, -1, 5], 4, 0, 4), [2, 2, 1, 2]);
});

test("all values are in it where the ends are the values' own", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  const counts = histogram(values, 31, Math.min(...values), Math.max(...values));
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    1000,
  );
});

test("it agrees with numpy.corrcoef", () => {
  // numpy.corrcoef([1, 2, 4, 8], [0, -3, 5, 1])[0, 1], and the same with [2, 1, 1, 0]
  assert.ok(Math.abs(correlation([1, 2, 4, 8], [0, -3, 5, 1]) - 0.3503352905406587) < 1e-12);
  assert.ok(Math.abs(correlation([1, 2, 4, 8], [2, 1, 1, 0]) - -0.9231326627541018) < 1e-12);
});

test("the ends of its scale", () => {
  assert.ok(Math.abs(correlation([1, 2, 3], new Float32Array([10, 20, 30])) - 1) < 1e-12);
  assert.ok(Math.abs(correlation([1, 2, 3], [3, 2, 1]) + 1) < 1e-12);
  assert.ok(Number.isNaN(correlation([1, 1, 1], [3, 2, 1])));
});

test("each picture has its likeliest class", () => {
  assert.deepEqual([...likeliest([0, 0.2, 0.8, 0, 0, 0, 0, 0, 0, 0, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0.1])], [2, 0]);
});

test("the first and the second, of equal ones the earlier first", () => {
  assert.deepEqual(runnerUp([3, 9, -1, 7]), [1, 3]);
  assert.deepEqual(runnerUp([5, 5, 1]), [0, 1]);
});

const terms = [
  [0, 1],
  [1, -8],
  [0, 2],
  [1, 3],
  [2, -4],
].map(([channel, product]) => ({ layer: "a", unit: [channel, 0, 0], input: product, weight: 1, product }));

test("the strongest first, whatever their sign, and what the others add up to", () => {
  const { first, others, rest } = strongest(terms, 2);
  assert.deepEqual(
    first.map(({ product }) => product),
    [-8, -4],
  );
  assert.deepEqual([others, rest], [3, 6]);
});

test("channel by channel, the heaviest sum first", () => {
  assert.deepEqual(
    byChannel(terms).map(({ channel, sum, terms: own }) => [channel, sum, own.length]),
    [
      [1, -5, 2],
      [2, -4, 1],
      [0, 3, 2],
    ],
  );
});

test("numbers have the mean and variance of N(0, 1), and the same seed gives the same", () => {
  const random = normals(5);
  const values = Array.from({ length: 20000 }, () => random());
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean) < 4 / Math.sqrt(values.length));
  assert.ok(Math.abs(variance - 1) < 4 * Math.sqrt(2 / values.length));
  const within = values.filter((value) => Math.abs(value) < 1).length / values.length;
  assert.ok(Math.abs(within - 0.6827) < 0.014);
  assert.equal(normals(5)(), values[0]);
  assert.notEqual(normals(6)(), values[0]);
});

test("the share of draws within two spreads in the plane is what draws say", () => {
  const random = normals(5);
  const count = 20_000;
  let within = 0;
  for (let i = 0; i < count; i++) if (random() ** 2 + random() ** 2 < 4) within++;
  assert.ok(Math.abs(shareWithin(2) - within / count) < 0.01);
  assert.equal(Math.round(100 * shareWithin(2)), 86);
});
