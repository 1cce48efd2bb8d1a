import assert from "node:assert/strict";
import { test } from "node:test";
import { paintCells } from "../../../../static/js/digits/flat/paint_cells.js";

const block = {
  name: "a",
  x: 1,
  y: 0,
  top: 1,
  width: 4,
  bottom: 5,
  hidden: false,
  maps: 1,
  mapsPerRow: 1,
  rows: 2,
  columns: 2,
  cell: 2,
  gap: 0,
  units: 3,
};

/** @param {{k: number, x: number, y: number}} transform @param {number} ratio */
function painted(transform, ratio) {
  const pixels = { data: new Uint32Array(64), width: 8, height: 8 };
  paintCells(pixels, block, new Uint32Array([1, 2, 3]), transform, ratio);
  return Array.from({ length: 8 }, (_, row) => Array.from(pixels.data.subarray(8 * row, 8 * row + 8)).join("")).join(
    " ",
  );
}

test("each unit fills its square, a short last row no more than it has", () => {
  assert.equal(
    painted({ k: 1, x: 0, y: 0 }, 1),
    "00000000 01122000 01122000 03300000 03300000 00000000 00000000 00000000",
  );
});

test("zoomed and moved, what is outside the canvas is cut off", () => {
  assert.equal(
    painted({ k: 2, x: -4, y: -2 }, 1),
    "11222200 11222200 11222200 11222200 33000000 33000000 33000000 33000000",
  );
});
