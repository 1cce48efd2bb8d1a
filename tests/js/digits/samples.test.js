import assert from "node:assert/strict";
import { test } from "node:test";
import { centreDigit } from "../../../static/js/digits/centre_digit.js";
import { sampleDigit } from "../../../static/js/digits/samples.js";
import { rasterise } from "../../../static/js/shared/pictures/stroke.js";

test("ten digits, each inside the pad and unlike the others", () => {
  const pictures = Array.from({ length: 10 }, (_, digit) => {
    const strokes = sampleDigit(digit);
    for (const { x, y } of strokes.flatMap(({ points }) => points)) assert.ok(x > 0.1 && x < 0.9 && y > 0.1 && y < 0.9);
    const placed = centreDigit(rasterise(strokes, 112), 112);
    assert.ok(placed);
    return placed.centred.join();
  });
  assert.equal(new Set(pictures).size, 10);
});
