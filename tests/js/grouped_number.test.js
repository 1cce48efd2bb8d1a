import assert from "node:assert/strict";
import { test } from "node:test";
import { groupedNumber } from "../../static/js/lib/grouped_number.js";

test("thousands are set apart", () => {
  assert.equal(groupedNumber(405900), "405\u202f900");
  assert.equal(groupedNumber(1234567), "1\u202f234\u202f567");
  assert.equal(groupedNumber(999), "999");
});
