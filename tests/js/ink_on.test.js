import assert from "node:assert/strict";
import { test } from "node:test";
import { inkOn } from "../../static/js/lib/ink_on.js";

test("dark colours take white ink, light ones black", () => {
  assert.equal(inkOn(0xff000000), "#fff");
  assert.equal(inkOn(0xffffffff), "#000");
  assert.equal(inkOn(0xffff0000), "#fff", "pure blue is dark");
  assert.equal(inkOn(0xff00ff00), "#000", "pure green is light");
});
