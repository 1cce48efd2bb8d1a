import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber } from "../../static/js/lib/exact_number.js";

test("float32's noise goes, its digits stay", () => {
  assert.equal(exactNumber(Math.fround(0.6)), "0.6");
  assert.equal(exactNumber(Math.fround(-1 / 3)), "−0.3333333");
  assert.equal(exactNumber(-0), "0");
  assert.equal(exactNumber(12345.678, 3), "12300");
});
