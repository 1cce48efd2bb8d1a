import assert from "node:assert/strict";
import { test } from "node:test";
import { panFrames } from "../../../static/js/image/pan_frames.js";

const ramp = { shape: [1, 10, 20], data: Float32Array.from({ length: 200 }, (_, i) => i % 20) };

test("the camera goes from one end to the other", () => {
  const frames = panFrames(ramp, 3, 2);
  assert.deepEqual(
    frames.map(({ shape }) => shape),
    [
      [1, 2, 2],
      [1, 2, 2],
      [1, 2, 2],
    ],
  );
  assert.deepEqual(
    frames.map(({ data }) => data[0]),
    [1.5, 7.5, 13.5],
  );
});

test("a single frame lies in the middle", () => assert.equal(panFrames(ramp, 1, 1)[0].data[0], 9.5));

test("a picture smaller than a frame is enlarged", () =>
  assert.deepEqual(
    panFrames(ramp, 2, 16).map(({ shape }) => shape),
    [
      [1, 16, 16],
      [1, 16, 16],
    ],
  ));
