import assert from "node:assert/strict";
import { test } from "node:test";
import {
  StageRunner,
  UNBOUNDED,
  checkSetting,
  checkValues,
  laidKernels,
  rangesOf,
  runStage,
  windowOf,
} from "../../../static/js/convolution/run.js";
import { stateFromUrl } from "../../../static/js/convolution/state.js";

const picture = { shape: [3, 4, 4], data: Float32Array.from({ length: 48 }, (_, i) => i / 255) };

test("an impossible setting says why and leaves the last good run", () => {
  const runner = new StageRunner();
  const state = stateFromUrl({ preset: "identity" });
  const good = runner.run(state, picture);
  assert.equal(good?.output.data[0], 5, "the second pixel of the second row, 0..255");
  assert.equal(runner.run({ ...state, dilation: 9 }, picture), good);
  assert.equal(runner.problem?.code, "window_too_large");
  assert.notEqual(runner.run({ ...state, stride: 2 }, picture), good);
  assert.equal(runner.problem, null);
});

test("nothing before there is a picture", () => assert.equal(new StageRunner().run(stateFromUrl({}), null), null));

test("the picture in its scale is made once", () => {
  const runner = new StageRunner();
  const state = stateFromUrl({});
  assert.equal(runner.run(state, picture)?.input, runner.run({ ...state, bias: 3 }, picture)?.input);
});

/** @type {import("../../../static/js/convolution/run.js").Setting} */
const setting = {
  operation: "convolution",
  kernels: [
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ],
  divisor: 1,
  bias: 0,
  flip: false,
  padding: 0,
  mode: "zeros",
  stride: 1,
  dilation: 1,
  pool: 3,
  poolStride: 2,
};
const input = { shape: [1, 3, 3], data: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0) };

test("a single bright pixel: cross-correlation shows the kernel turned, convolution as it is", () => {
  assert.deepEqual([...runStage(input, setting).output.data], [4, 3, 2, 1]);
  assert.deepEqual([...runStage(input, { ...setting, flip: true }).output.data], [1, 2, 3, 4]);
  assert.deepEqual(laidKernels({ ...setting, flip: true }), [
    [
      [
        [4, 3],
        [2, 1],
      ],
    ],
  ]);
});

test("the window of each operation", () => {
  assert.deepEqual(
    [windowOf({ ...setting, operation: "max" }).height, windowOf({ ...setting, operation: "max" }).stride],
    [3, 2],
  );
  assert.equal(windowOf({ ...setting, operation: "flatten" }).width, 1);
});

/** @type {import("../../../static/js/convolution/run.js").Setting} */
const plain = {
  operation: "convolution",
  kernels: [
    [
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
    ],
  ],
  divisor: 1,
  bias: 0,
  flip: false,
  padding: 0,
  mode: "zeros",
  stride: 1,
  dilation: 1,
  pool: 2,
  poolStride: 2,
};

/** @param {Partial<typeof plain>} change @param {number} height @param {number} width */
const code = (change, height, width) => checkSetting({ ...plain, ...change }, height, width)?.code ?? "possible";

test("why a setting is impossible", () => {
  assert.equal(code({}, 3, 3), "possible");
  assert.equal(code({}, 2, 9), "window_too_large");
  assert.equal(code({ padding: 1 }, 2, 9), "possible");
  assert.equal(code({ dilation: 2 }, 4, 9), "window_too_large");
  assert.equal(code({ divisor: 0 }, 9, 9), "divisor_zero");
  assert.equal(code({ padding: "same", stride: 2 }, 9, 9), "same_with_stride");
  assert.equal(code({ padding: 3, mode: "reflect" }, 3, 9), "reflect_too_wide");
  assert.equal(code({ padding: 2, mode: "reflect" }, 3, 9), "possible");
  assert.equal(code({ padding: 4, mode: "circular" }, 3, 9), "circular_too_wide");
  assert.equal(code({ operation: "max", pool: 4 }, 3, 9), "window_too_large");
  assert.equal(code({ operation: "flatten" }, 1, 1), "possible");
});

test("the numbers that explain it", () => {
  assert.deepEqual(checkSetting(plain, 2, 9)?.values, { window: 3, room: 2 });
});

const BOUNDS = { number: 1e12, numbers: 262144, side: 31, stride: 256, padding: 256, dilation: 64 };

test("what the server refuses is refused, at its very edge", () => {
  for (const [field, most] of /** @type {const} */ ([
    ["stride", 256],
    ["padding", 256],
    ["dilation", 64],
    ["pool", 31],
    ["poolStride", 256],
    ["bias", 1e12],
    ["divisor", 1e12],
  ])) {
    assert.equal(checkValues({ [field]: most }, BOUNDS), null, field);
    const problem = checkValues({ [field]: most + 1 }, BOUNDS);
    assert.deepEqual([problem?.field, problem?.values.value, problem?.values.max], [field, most + 1, most]);
  }
  assert.equal(checkValues({ padding: "same" }, BOUNDS), null);
  assert.equal(checkValues({ stride: 1.5 }, BOUNDS)?.code, "out_of_reach");
  assert.equal(checkValues({ divisor: 1e-13 }, BOUNDS)?.code, "divisor_small");
});

test("numbers beyond the server's are refused wherever they stand", () => {
  assert.equal(checkValues({ matrix: [[1, 1e308]] }, BOUNDS)?.values.value, 1e308);
  assert.equal(checkValues({ kernels: [[[[-2e12]]]] }, BOUNDS)?.values.value, -2e12);
  assert.deepEqual(checkValues({ matrix: [[1, 2, 3]] }, { ...BOUNDS, numbers: 2 })?.values, { found: 3, most: 2 });
  assert.equal(checkSetting({ ...plain, bias: 1e13 }, 9, 9, BOUNDS)?.field, "bias");
});

test("a kernel is as large as its fields fit on the screen, or as the server has it", () => {
  assert.deepEqual(rangesOf(UNBOUNDED).kernel, [1, 7]);
  assert.deepEqual(rangesOf({ ...BOUNDS, side: 5 }).kernel, [1, 5]);
});
