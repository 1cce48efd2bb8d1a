import assert from "node:assert/strict";
import { test } from "node:test";
import { answersRight } from "../../static/js/lib/answers_right.js";

test("a hundredth off is still right, a sign or a tenth off is not", () => {
  assert.ok(answersRight(-1.2, -1.2) && answersRight(-1.21, -1.2) && answersRight(0.79, 0.8));
  assert.ok(!answersRight(1.2, -1.2) && !answersRight(0.9, 0.8) && !answersRight(113, 114));
});
