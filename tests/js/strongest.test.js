import assert from "node:assert/strict";
import { test } from "node:test";
import { byChannel } from "../../static/js/lib/by_channel.js";
import { strongest } from "../../static/js/lib/strongest.js";

const terms = [
  [0, 1],
  [1, -8],
  [0, 2],
  [1, 3],
  [2, -4],
].map(([channel, product]) => ({ layer: "a", unit: [channel, 0, 0], input: product, weight: 1, product }));

test("the strongest first, whatever their sign, and what the others add up to", () => {
  const { first, others, rest } = strongest(terms, 2);
  assert.deepEqual(
    first.map(({ product }) => product),
    [-8, -4],
  );
  assert.deepEqual([others, rest], [3, 6]);
});

test("channel by channel, the heaviest sum first", () => {
  assert.deepEqual(
    byChannel(terms).map(({ channel, sum, terms: own }) => [channel, sum, own.length]),
    [
      [1, -5, 2],
      [2, -4, 1],
      [0, 3, 2],
    ],
  );
});
