import assert from "node:assert/strict";
import test from "node:test";
import { onTheWay, targetOf } from "../../../static/js/features/aim.js";

/**
 * @param {string} layout @param {number[]} shape @param {number[] | null} [grid]
 * @returns {any}
 */
const layer = (layout, shape, grid = null) => ({ name: "one", layout, shape, grid });
const place = { channel: 3, row: 4, column: 5 };

test("a map is asked about along its own axes, whichever way the layer lies", () => {
  assert.equal(targetOf(layer("CHW", [8, 10, 12]), place, "map"), "one@3,0:10,0:12");
  assert.equal(targetOf(layer("HWC", [10, 12, 8]), place, "map"), "one@0:10,0:12,3");
  assert.equal(targetOf(layer("TC", [20, 8]), place, "map"), "one@0:20,3");
  assert.equal(targetOf(layer("Z", [8]), place, "map"), "one@3");
  assert.equal(targetOf(layer("other", [2, 4, 10, 12]), place, "map"), "one@0,3,0:10,0:12");
});

test("a square is asked about as far as the map goes, whichever way the layer lies", () => {
  assert.equal(targetOf(layer("CHW", [8, 10, 12]), place, "square", 5), "one@3,2:7,3:8");
  assert.equal(targetOf(layer("HWC", [10, 12, 8]), place, "square", 3), "one@3:6,4:7,3");
  assert.equal(targetOf(layer("CHW", [8, 10, 12]), { channel: 0, row: 0, column: 11 }, "square", 7), "one@0,0:4,8:12");
  assert.equal(targetOf(layer("CHW", [8, 10, 12]), place, "square", 21), "one@3,0:10,0:12");
});

test("a number is asked about by its indices as the server counts them", () => {
  assert.equal(targetOf(layer("CHW", [8, 10, 12]), place, "unit"), "one@3,4,5");
  assert.equal(targetOf(layer("HWC", [10, 12, 8]), place, "unit"), "one@4,5,3");
  assert.equal(targetOf(layer("TC", [20, 8], [1, 4, 5]), { ...place, row: 2, column: 1 }, "unit"), "one@7,3");
});

test("what is on the way to a layer is all that it comes from, past branches and back to the input", () => {
  const layers = /** @type {any} */ ([
    { name: "input", inputs: [] },
    { name: "conv1", inputs: ["input"] },
    { name: "beside", inputs: ["conv1"] },
    { name: "add", inputs: ["conv1", "input"] },
    { name: "dense", inputs: ["add", "beside"] },
  ]);
  assert.deepEqual([...onTheWay(layers, "add")].toSorted(), ["conv1", "input"]);
  assert.equal(onTheWay(layers, "input").size, 0);
});
