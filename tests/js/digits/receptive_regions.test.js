import assert from "node:assert/strict";
import { test } from "node:test";
import { receptiveRegions } from "../../../static/js/digits/receptive_regions.js";
import { forwardFixture } from "./forward_fixture.js";

const { layers, recorded, units } = forwardFixture();

test("a unit's pixels are those that the server finds", () => {
  for (const { layer, unit, box } of units) {
    const { input } = receptiveRegions(layers, recorded.input.shape, layer, unit);
    assert.deepEqual([input[1][0], input[2][0], input[1][1], input[2][1]], box, layer);
  }
});

test("pooling reads its own map, a convolution all maps, a dense unit everything", () => {
  const regions = receptiveRegions(layers, recorded.input.shape, "conv2", [3, 1, 2]);
  assert.deepEqual(regions.pool1, [
    [0, 3],
    [2, 5],
    [2, 4],
  ]);
  assert.deepEqual(receptiveRegions(layers, recorded.input.shape, "pool1", [1, 2, 3]).relu1, [
    [1, 2],
    [4, 6],
    [6, 8],
  ]);
  assert.deepEqual(receptiveRegions(layers, recorded.input.shape, "dense1", [0]).conv2, [
    [0, 4],
    [0, 2],
    [0, 4],
  ]);
});
