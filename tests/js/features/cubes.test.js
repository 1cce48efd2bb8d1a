import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST, cubesOf, facesOf } from "../../../static/js/features/cubes.js";

/** @param {string} name @param {number[]} shape @param {string[]} inputs @param {string} [layout] @returns {any} */
const layer = (name, shape, inputs, layout = "CHW") => ({ name, operation: name, options: {}, shape, inputs, layout });

/** The length of a side of a polygon. @param {number[][]} corners @param {number} from @param {number} to */
const side = (corners, from, to) => Math.hypot(corners[to][0] - corners[from][0], corners[to][1] - corners[from][1]);

test("a block is as long, high and deep as the layer has maps, rows and columns", () => {
  const [one, other] = [
    facesOf({ channels: 32, rows: 64, columns: 48 }),
    facesOf({ channels: 8, rows: 16, columns: 24 }),
  ];
  assert.equal(side(one.front, 0, 1), 32);
  assert.equal(side(one.front, 1, 2), 64);
  assert.ok(Math.abs(side(one.side, 0, 1) / side(other.side, 0, 1) - 48 / 24) < 1e-9);
  assert.deepEqual(one.side[0], one.front[1]);
  assert.deepEqual(one.top[3], one.front[1]);
  assert.equal(one.cut, false);
});

test("what is too long is cut, and says so", () => {
  const { cut, front } = facesOf({ channels: LONGEST + 1, rows: 1, columns: 1 });
  assert.equal(cut, true);
  assert.equal(side(front, 0, 1), LONGEST);
});

test("the way from the picture to the answer, where the size changes; a shortcut is none of it", () => {
  const layers = [
    layer("input", [3, 8, 8], []),
    layer("conv", [4, 8, 8], ["input"]),
    layer("relu", [4, 8, 8], ["conv"]),
    layer("pool", [4, 4, 4], ["relu"]),
    layer("shortcut", [8, 2, 2], ["pool"]),
    layer("add", [4, 4, 4], ["pool", "shortcut"]),
    layer("rows", [4, 4, 6], ["add"], "HWC"),
    layer("flatten", [96], ["rows"], "Z"),
  ];
  assert.deepEqual(
    cubesOf(layers).map(({ name, channels, rows, columns, count }) => [name, channels, rows, columns, count]),
    [
      ["input", 3, 8, 8, 192],
      ["conv", 4, 8, 8, 256],
      ["pool", 4, 4, 4, 64],
      ["rows", 6, 4, 4, 96],
      ["flatten", 96, 1, 1, 96],
    ],
  );
  assert.deepEqual(cubesOf([]), []);
});
