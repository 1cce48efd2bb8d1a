import assert from "node:assert/strict";
import { test } from "node:test";
import {
  presetOf,
  readState,
  stateFromUrl,
  stateOfExample,
  stateToUrl,
  withChannels,
  onlyCursor,
} from "../../../static/js/convolution/state.js";

/** @param {Record<string, any>} url */
const kept = (url) =>
  Object.fromEntries(Object.entries(stateToUrl(stateFromUrl(url))).filter(([, value]) => value !== undefined));

test("a first visit has an empty address", () => assert.deepEqual(kept({}), {}));

test("what an address says comes back", () => {
  const url = {
    preset: "left-sobel",
    stride: 2,
    padding: "same",
    mode: "reflect",
    display: "signed",
    channels: "grey",
    unit: [0, 3, 4],
  };
  assert.deepEqual(kept(url), url);
  const cube = { preset: "custom", channels: "cube", kernels: [[[[1]], [[2]], [[3]]]] };
  assert.deepEqual(kept(cube), cube);
  const matrix = {
    matrix: [
      [1, 2],
      [3, 4],
    ],
    operation: "max",
  };
  assert.deepEqual(kept(matrix), matrix);
});

test("what makes no sense is as on a first visit", () => {
  const first = stateFromUrl({});
  assert.deepEqual(
    stateFromUrl({
      stride: 0,
      mode: "odd",
      divisor: 0,
      size: 9999,
      scale: 2,
      unit: [1],
      kernels: [[Array(9).fill(Array(9).fill(1))]],
    }),
    first,
  );
});

test("what is out of the server's bounds is as on a first visit, and is named", () => {
  const bounds = { number: 1e12, numbers: 262144, side: 31, stride: 256, padding: 256, dilation: 64 };
  for (const [name, value] of Object.entries({ stride: 257, dilation: 65, padding: "300", pool: 32, bias: 1e13 })) {
    const { state, refused } = readState({ [name]: value }, bounds);
    assert.deepEqual(state, stateFromUrl({}));
    assert.deepEqual([refused?.field, refused?.values.value], [name, Number(value)]);
  }
  assert.equal(readState({ stride: 256, pool: 31, padding: "256" }, bounds).refused, null);
  const huge = readState({ matrix: [[1e308, 1]], kernel: [[9]] }, bounds);
  assert.deepEqual([huge.state.matrix, huge.refused?.values.value], [null, 1e308]);
});

test("examples start from scratch but keep the picture", () => {
  const state = stateOfExample({ ...stateFromUrl({}), image: "mine", stride: 5 }, "padding");
  assert.deepEqual([state.image, state.stride, state.padding, state.preset], ["mine", 1, 1, "sharpen"]);
});

test("the digit meets the four edge kernels", () => {
  const { kernels, channels, image } = stateOfExample(stateFromUrl({}), "digit");
  assert.deepEqual([channels, image], ["grey", "sample-seven"]);
  assert.deepEqual(kernels[1], [
    [
      [-1, 1, 0],
      [-1, 1, 0],
      [-1, 1, 0],
    ],
  ]);
  assert.equal(kernels.length, 4);
});

test("a cube gets three slices and gives them back", () => {
  const cube = withChannels(stateFromUrl({}), "cube");
  assert.equal(cube.kernels[0].length, 3);
  assert.equal(withChannels(cube, "grey").preset, "outline");
});

test("a divisor is part of a preset", () => {
  assert.equal(
    presetOf(
      [
        [1, 2, 1],
        [2, 4, 2],
        [1, 2, 1],
      ],
      16,
    ),
    "blur",
  );
  assert.equal(
    presetOf(
      [
        [1, 2, 1],
        [2, 4, 2],
        [1, 2, 1],
      ],
      1,
    ),
    "custom",
  );
});

test("a moved cursor is told from a changed setting or another channel", () => {
  const state = { unit: [0, 1, 2], stride: 1 };
  assert.equal(onlyCursor(state, { ...state, unit: [0, 5, 5] }), true);
  assert.equal(onlyCursor(state, { ...state, unit: [1, 1, 2] }), false);
  assert.equal(onlyCursor(state, { ...state, stride: 2 }), false);
  assert.equal(onlyCursor(undefined, state), false);
});

test("any grey gives 0 in the colour example", () => {
  const { kernels, channels } = stateOfExample(stateFromUrl({}), "colour");
  assert.equal(channels, "cube");
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 3; column++) {
      const [red, green, blue] = kernels[0].map((slice) => slice[row][column]);
      assert.deepEqual([green, blue], [-red / 2, -red / 2]);
    }
});
