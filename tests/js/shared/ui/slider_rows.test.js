import assert from "node:assert/strict";
import { test } from "node:test";
import { sliderRows } from "../../../../static/js/shared/ui/slider_rows.js";

const space = {
  kind: "vae",
  z: 3,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  low: [-2.5, -1, -4],
  high: [2.5, 1, 4],
  kl: [0.4, 0.01, 2],
};

test("the most telling number comes first and an unused one is marked", () => {
  const rows = sliderRows(space, "prior");
  assert.deepEqual(
    rows.map(({ index }) => index),
    [2, 0, 1],
  );
  assert.deepEqual(
    rows.map(({ unused }) => unused),
    [false, false, true],
  );
});

test("a slider covers the prior or the codes", () => {
  assert.deepEqual([sliderRows(space, "prior")[0].low, sliderRows(space, "data")[0].low], [-3, -4]);
});
