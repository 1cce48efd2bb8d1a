import assert from "node:assert/strict";
import { test } from "node:test";
import { normals } from "../../static/js/lib/normals.js";

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
