import assert from "node:assert/strict";
import { test } from "node:test";
import { hexColour } from "../../static/js/lib/hex_colour.js";

test("as the web writes it", () => {
  assert.equal(hexColour(1, 0.2, 0), "#FF3300");
  assert.equal(hexColour(0, 10 / 255, 1), "#000AFF");
});
