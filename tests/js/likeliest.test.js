import assert from "node:assert/strict";
import { test } from "node:test";
import { likeliest } from "../../static/js/lib/likeliest.js";

test("each picture has its likeliest class", () => {
  assert.deepEqual([...likeliest([0, 0.2, 0.8, 0, 0, 0, 0, 0, 0, 0, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0.1])], [2, 0]);
});
