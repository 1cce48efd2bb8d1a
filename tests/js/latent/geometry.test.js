import assert from "node:assert/strict";
import { test } from "node:test";
import { cellChanges } from "../../../static/js/latent/geometry.js";

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
