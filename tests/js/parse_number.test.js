import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNumber } from "../../static/js/lib/parse_number.js";

test("numbers as people write them", () => {
  assert.equal(parseNumber(" -1.5 "), -1.5);
  assert.equal(parseNumber("−2"), -2);
  assert.equal(parseNumber("0,25"), 0.25);
  assert.equal(parseNumber("1/16"), 0.0625);
  assert.equal(parseNumber("1e-3"), 0.001);
});

test("what is no number, or not finite, is refused", () => {
  for (const text of ["", " ", "abc", "1/0", "Infinity", "NaN", "1/", "/2", "1/2/3", "--1"])
    assert.equal(parseNumber(text), undefined, text);
});
