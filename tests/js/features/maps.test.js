import assert from "node:assert/strict";
import { test } from "node:test";
import {
  channelStack,
  mapCondition,
  sortChannels,
  fieldBox,
  stackOf,
  withMap,
} from "../../../static/js/features/maps.js";

const data = Float32Array.from([1, 2, 3, 4, 5, 6]);

test("maps that come one after the other stay as they are, without a copy", () => {
  const stack = channelStack({ shape: [1, 3, 1, 2], data }, { layout: "CHW" });
  assert.deepEqual([stack.channels, stack.rows, stack.columns], [3, 1, 2]);
  assert.equal(stack.data, data);
});

test("channels that come last become maps", () => {
  const stack = channelStack({ shape: [1, 1, 2, 3], data }, { layout: "HWC" });
  assert.deepEqual([...stack.data], [1, 4, 2, 5, 3, 6]);
});

test("a vector's values are maps of one pixel", () => {
  const stack = channelStack({ shape: [1, 6], data }, { layout: "Z" });
  assert.deepEqual([stack.channels, stack.rows, stack.columns], [6, 1, 1]);
});

test("only zeros is dead, one other value constant", () => {
  assert.equal(mapCondition([0, 0, 0]).kind, "dead");
  assert.equal(mapCondition([2, 2]).kind, "constant");
});

test("half of it at the ceiling is saturated: ReLU6", () => {
  const { kind, atTop } = mapCondition([6, 6, 0, 3]);
  assert.deepEqual([kind, atTop], ["saturated", 0.5]);
  assert.equal(mapCondition([-1, 0, 0, 0]).kind, "alive");
});

test("shares, ends and mean are those of the values", () => {
  const found = mapCondition([...new Array(19).fill(0), 5]);
  assert.deepEqual(found, { kind: "sparse", zeros: 0.95, atTop: 0.05, low: 0, high: 5, mean: 0.25 });
});

const stack = { channels: 3, rows: 1, columns: 2, data: Float32Array.from([0, 1, -5, 4, 0, 0]) };

test("as the network counts", () => assert.deepEqual(sortChannels(stack, "number"), [0, 1, 2]));
test("the largest mean size first, whatever the sign", () =>
  assert.deepEqual(sortChannels(stack, "strength"), [1, 0, 2]));
test("the most silent first; equals stay in their order", () =>
  assert.deepEqual(sortChannels(stack, "sparsity"), [2, 0, 1]));
test("what the class loses most by first; the network's order while that is unknown", () => {
  assert.deepEqual(sortChannels(stack, "effect", [-1, 0.5, 2]), [2, 1, 0]);
  assert.deepEqual(sortChannels(stack, "effect"), [0, 1, 2]);
});

const field = { size: [7, 7], stride: [2, 2], start: [-3, -3], whole: false };

test("a unit in the middle reads a window of the field's size", () => {
  assert.deepEqual(fieldBox(field, 5, 6, [128, 128]), { top: 7, left: 9, bottom: 14, right: 16 });
});

test("the window ends where the picture ends", () => {
  assert.deepEqual(fieldBox(field, 0, 63, [128, 128]), { top: 0, left: 123, bottom: 4, right: 128 });
});

test("a layer that reads everything reads everything", () => {
  assert.deepEqual(fieldBox({ ...field, whole: true }, 0, 0, [28, 28]), { top: 0, left: 0, bottom: 28, right: 28 });
  assert.deepEqual(fieldBox(null, 0, 0, [28, 28]), { top: 0, left: 0, bottom: 28, right: 28 });
});

test("tokens are strips of each channel, and over the picture where they come from patches", () => {
  // Three tokens of two numbers: 0 1, 2 3, 4 5.
  const six = Float32Array.from([0, 1, 2, 3, 4, 5]);
  const strip = channelStack({ shape: [1, 3, 2], data: six }, { layout: "TC" });
  assert.deepEqual([strip.channels, strip.rows, strip.columns], [2, 1, 3]);
  assert.deepEqual([...strip.data], [0, 2, 4, 1, 3, 5]);
  const turned = channelStack({ shape: [1, 2, 3], data: six }, { layout: "CT" });
  assert.deepEqual([...turned.data], [0, 1, 2, 3, 4, 5]);
  // A class's token, then 2 x 2 patches, of one number each: the token has a row of its own.
  const five = Float32Array.from([9, 1, 2, 3, 4]);
  for (const [shape, layout] of /** @type {[number[], string][]} */ ([
    [[1, 5, 1], "TC"],
    [[1, 1, 5], "CT"],
  ])) {
    const map = channelStack({ shape, data: five }, { layout, grid: [1, 2, 2] });
    assert.deepEqual([map.channels, map.rows, map.columns], [1, 3, 2]);
    assert.deepEqual([...map.data], [9, 9, 1, 2, 3, 4]);
  }
});

test("of four axes and more the last two are maps", () => {
  const many = Float32Array.from({ length: 24 }, (_, i) => i);
  const maps = channelStack({ shape: [1, 2, 3, 2, 2], data: many }, { layout: "other" });
  assert.deepEqual([maps.channels, maps.rows, maps.columns], [6, 2, 2]);
});

/** Two maps of 1 x 3 as the server sends a large layer: bytes on a scale of each map, and map 1 as it is. */
const light = {
  tensors: {
    relu: { shape: [1, 2, 1, 3], data: Uint8Array.from([63, 126, 0, 126, 0, 50]) },
    "relu.ends": { shape: [2, 2], data: Float32Array.from([-2, 2, 0, 9]) },
    "relu.exact": { shape: [1, 3], data: Float32Array.from([9, 0, 3.55]) },
  },
  facts: { layers: { relu: { layout: "CHW", shape: [2, 1, 3], exact: 1 } } },
};

test("maps that came as bytes lie on their own scales, and say which of them is exact", () => {
  const found = stackOf(light, "relu");
  assert.deepEqual([...found.data], [0, 2, -2, 9, 0, Math.fround(3.55)]);
  assert.deepEqual([...(found.exact ?? [])], [1]);
});

test("numbers of a map that come later take the place of its bytes, in a stack that is another", () => {
  const before = stackOf(light, "relu");
  const after = withMap(before, 0, [0.01, 2, -1.99]);
  assert.deepEqual([...after.data.subarray(0, 3)], [0.01, 2, -1.99].map(Math.fround));
  assert.deepEqual([[...(after.exact ?? [])], after === before], [[1, 0], false]);
});

test("a layer that came whole has no map that is not exact", () => {
  const whole = { tensors: { relu: { shape: [1, 3, 1, 2], data } }, facts: { layers: { relu: { layout: "CHW" } } } };
  assert.equal(stackOf(whole, "relu").exact, undefined);
});
