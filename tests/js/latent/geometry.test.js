import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cellChanges, principalAxes, moveAbove, project } from "../../../static/js/latent/geometry.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

test("a plane of pictures changes as fast everywhere: a 3-4-5 triangle per edge, over the edge's length", () => {
  const pictures = Float32Array.from(
    [0, 1, 2].flatMap((row) => [0, 1, 2, 3].flatMap((column) => [3 * column + 5 * row, 4 * column + 12 * row])),
  );
  const changes = cellChanges(pictures, 3, 4, { x: 0.5, y: 2 });
  assert.deepEqual(Array.from(changes), Array(6).fill((5 / 0.5 + 13 / 2) / 2));
});

test("only the cells beside a picture that differs change", () => {
  const pictures = new Float32Array(9);
  pictures[0] = 4;
  assert.deepEqual(Array.from(cellChanges(pictures, 3, 3, { x: 1, y: 1 })), [2, 0, 0, 0]);
});

const file = readFileSync(new URL("../fixtures/principal_axes.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);
const rows = /** @type {Float32Array} */ (tensors.rows.data);

test("axes, mean and share are those of PyTorch's singular value decomposition", () => {
  const width = tensors.rows.shape[1];
  const { mean, axes, share } = principalAxes(rows, width);
  mean.forEach((value, i) => assert.ok(Math.abs(value - tensors.mean.data[i]) < 1e-5));
  axes.forEach((axis, k) => {
    const along = axis.reduce((sum, value, i) => sum + value * tensors.axes.data[k * width + i], 0);
    assert.ok(Math.abs(along) > 0.9999, `axis ${k}: ${along}`);
  });
  assert.ok(Math.abs(share - tensors.share.data[0]) < 1e-4);
});

test("rows that are all the same have no spread to share", () =>
  assert.equal(principalAxes(new Float32Array(12).fill(2), 3).share, 0));

const directions = {
  mean: [1, 0, 0],
  axes: [
    [0, 1, 0],
    [0.6, 0, 0.8],
  ],
};

test("a code lands where it was moved to, and what the map does not show stays", () => {
  const moved = moveAbove([2, 3, 4], [-1, 5], directions);
  project(moved, directions).forEach((value, i) => assert.ok(Math.abs(value - [-1, 5][i]) < 1e-9));
  const hidden = (/** @type {number[]} */ z) => 0.8 * z[0] - 0.6 * z[2];
  assert.ok(Math.abs(hidden(moved) - hidden([2, 3, 4])) < 1e-9);
});
