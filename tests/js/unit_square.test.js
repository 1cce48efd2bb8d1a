import assert from "node:assert/strict";
import { test } from "node:test";
import { unitSquare } from "../../static/js/lib/unit_square.js";

const block = {
  name: "a",
  x: 10,
  y: 0,
  top: 20,
  width: 0,
  bottom: 0,
  hidden: false,
  maps: 3,
  mapsPerRow: 2,
  rows: 4,
  columns: 5,
  cell: 2,
  gap: 3,
  units: 60,
};

test("units follow one another row by row, maps too", () => {
  assert.deepEqual(unitSquare(block, 0), { x: 10, y: 20, side: 2 });
  assert.deepEqual(unitSquare(block, 7), { x: 14, y: 22, side: 2 });
  assert.deepEqual(unitSquare(block, 20), { x: 23, y: 20, side: 2 });
  assert.deepEqual(unitSquare(block, 40), { x: 10, y: 31, side: 2 });
});
