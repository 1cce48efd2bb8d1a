import assert from "node:assert/strict";
import { test } from "node:test";
import { stateFromUrl } from "../../../static/js/convolution/state.js";
import { StageRunner } from "../../../static/js/convolution/run.js";

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
