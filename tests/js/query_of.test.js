import assert from "node:assert/strict";
import { test } from "node:test";
import { queryOf } from "../../static/js/lib/query_of.js";

test("state is written as the pages read it, readable and without what is undefined", () => {
  assert.equal(
    queryOf({
      image: "sample-cat",
      unit: [1, 2],
      kernel: [
        [1, 0],
        [0, -0.5],
      ],
      seed: undefined,
    }),
    "image=sample-cat&unit=1,2&kernel=1,0;0,-0.5",
  );
});

test("what would break an address is escaped", () => {
  assert.equal(queryOf({ image: "a&b=c" }), "image=a%26b%3Dc");
});
