import assert from "node:assert/strict";
import { test } from "node:test";
import { binAt, binsOf, calibrationError } from "../../../static/js/features/reliability.js";

const bins = binsOf({ count: [0, 10, 0, 30], confidence: [0, 0.4, 0, 0.9], right: [0, 0.5, 0, 0.8] });

test("a confidence lies in its bin, complete certainty in the last", () => {
  assert.equal(binAt(bins, 0), bins[0]);
  assert.equal(binAt(bins, 0.25), bins[1]);
  assert.equal(binAt(bins, 0.7499), bins[2]);
  assert.equal(binAt(bins, 1), bins[3]);
  assert.deepEqual([bins[3].low, bins[3].high], [0.75, 1]);
});

test("the calibration error weighs each bin's gap by its photographs", () => {
  assert.ok(Math.abs(calibrationError(bins) - (10 * 0.1 + 30 * 0.1) / 40) < 1e-12);
});
