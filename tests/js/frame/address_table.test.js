import assert from "node:assert/strict";
import { test } from "node:test";
import { urlTable, queryOf } from "../../../static/js/frame/address_table.js";

test("what is written is what is read", () => {
  assert.deepEqual(
    urlTable.kernel.parse(
      urlTable.kernel.format([
        [1, -0.5],
        [0, 2],
      ]),
    ),
    [
      [1, -0.5],
      [0, 2],
    ],
  );
  assert.deepEqual(urlTable.z.parse(urlTable.z.format([0.25, -3])), [0.25, -3]);
  assert.deepEqual(urlTable.hide.parse(urlTable.hide.format(["presets", "camera"])), ["presets", "camera"]);
  assert.equal(urlTable.centre.parse(urlTable.centre.format(false)), false);
});

test("what was typed comes back to its last digit", () => {
  const third = 1 / 3;
  assert.deepEqual(urlTable.kernel.parse(urlTable.kernel.format([[third, -third]])), [[third, -third]]);
  assert.deepEqual(urlTable.kernels.parse(urlTable.kernels.format([[[[third]]]])), [[[[third]]]]);
  for (const name of /** @type {const} */ (["bias", "divisor"]))
    assert.equal(urlTable[name].parse(urlTable[name].format(third)), third);
});

test("what makes no sense is left out", () => {
  assert.equal(urlTable.seed.parse("abc"), undefined);
  assert.equal(urlTable.seed.parse(""), undefined);
  assert.equal(urlTable.kernel.parse("1 2;3"), undefined);
  assert.equal(urlTable.z.parse("1,Infinity"), undefined);
});

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
    "image=sample-cat&unit=1,2&kernel=1,0;0,-0.5;",
  );
});

test("what would break an address is escaped", () => {
  assert.equal(queryOf({ image: "a&b=c" }), "image=a%26b%3Dc");
});
