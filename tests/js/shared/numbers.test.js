import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNumber } from "../../../static/js/shared/numbers.js";

test("as many decimals as the value deserves", () => {
  assert.equal(formatNumber(12), "12");
  assert.equal(formatNumber(0.12345), "0.123");
  assert.equal(formatNumber(-1.2), "−1.2");
  assert.equal(formatNumber(1234.56), "1235");
  assert.equal(formatNumber(0.00000123), "1.23e-6");
});

test("fixed decimals keep columns aligned, and zero has no sign", () => {
  assert.equal(formatNumber(0.5, 2), "0.50");
  assert.equal(formatNumber(-0.001, 2), "0.00");
});

test("what is not finite is named", () => {
  assert.equal(formatNumber(NaN), "NaN");
  assert.equal(formatNumber(-Infinity), "−∞");
});
