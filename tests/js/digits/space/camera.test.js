import assert from "node:assert/strict";
import { test } from "node:test";
import { PerspectiveCamera, Vector3, Box3, Ray } from "three";
import { fitView, pickBox } from "../../../../static/js/digits/space/camera.js";

/** @typedef {import("../../../../static/js/digits/space/camera.js").Point} Point */

const POINTS = /** @type {Point[]} */ (
  [-150, 150].flatMap((x) => [0, 80].flatMap((y) => [-200, 20].map((z) => [x, y, z])))
);

/**
 * What three's camera sees at the place found, in -1..1 across and along.
 *
 * @param {number} azimuth
 * @param {number} elevation
 * @param {number} field in degrees
 * @param {number} aspect
 * @param {{left: number, right: number, bottom: number, top: number}} share of each half that may be filled
 */
function seen(azimuth, elevation, field, aspect, share) {
  const half = Math.tan((field * Math.PI) / 360);
  const frustum = {
    left: half * aspect * share.left,
    right: half * aspect * share.right,
    bottom: half * share.bottom,
    top: half * share.top,
  };
  const { position, target } = fitView(POINTS, azimuth, elevation, frustum);
  const camera = new PerspectiveCamera(field, aspect, 0.1, 1e5);
  camera.position.set(...position);
  camera.lookAt(...target);
  camera.updateMatrixWorld();
  return POINTS.map((point) => new Vector3(...point).project(camera));
}

for (const [azimuth, elevation, field, aspect] of [
  [0, 0.7, 24, 1.8],
  [0.4, 0.5, 40, 0.6],
  [-2, 1.1, 16, 1],
]) {
  test(`everything is inside and two opposite sides are reached, from ${azimuth} and ${elevation}`, () => {
    const share = { left: 0.7, right: 0.95, bottom: 0.9, top: 0.85 };
    const spots = seen(azimuth, elevation, field, aspect, share);
    const [left, right] = [Math.min(...spots.map(({ x }) => x)), Math.max(...spots.map(({ x }) => x))];
    const [bottom, top] = [Math.min(...spots.map(({ y }) => y)), Math.max(...spots.map(({ y }) => y))];
    assert.ok(left >= -share.left - 1e-9 && right <= share.right + 1e-9);
    assert.ok(bottom >= -share.bottom - 1e-9 && top <= share.top + 1e-9);
    const across = Math.abs(left + share.left) < 1e-9 && Math.abs(right - share.right) < 1e-9;
    const along = Math.abs(bottom + share.bottom) < 1e-9 && Math.abs(top - share.top) < 1e-9;
    assert.ok(across || along);
  });
}

/** Numbers in -1..1, the same in every run. @param {number} seed */
function random(seed) {
  return () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 1073741824 - 1;
}

test("agrees with three's Ray and Box3 on 2,000 rays among 60 boxes", () => {
  const next = random(7);
  const boxes = Array.from({ length: 60 }, () => {
    const low = [next() * 10, next() * 10, next() * 10];
    return [...low, ...low.map((each) => each + 1 + next())];
  });
  const of = boxes.map((box) => new Box3(new Vector3(...box.slice(0, 3)), new Vector3(...box.slice(3))));
  let hits = 0;
  for (let i = 0; i < 2000; i++) {
    const origin = [next() * 30, next() * 30, 40];
    const direction = [next() * 10 - origin[0], next() * 10 - origin[1], next() * 10 - origin[2]];
    const ray = new Ray(new Vector3(...origin), new Vector3(...direction).normalize());
    const distances = of.map((box) => ray.intersectBox(box, new Vector3())?.distanceTo(ray.origin) ?? Infinity);
    const nearest = Math.min(...distances);
    const found = pickBox(origin, direction, boxes.flat());
    if (nearest === Infinity) {
      assert.equal(found, null);
      continue;
    }
    hits++;
    assert.equal(found?.index, distances.indexOf(nearest));
    assert.ok(Math.abs((found?.distance ?? 0) * Math.hypot(...direction) - nearest) < 1e-9);
  }
  assert.ok(hits > 100);
});

test("a box behind the ray is not met, one around its origin is at 0", () => {
  assert.equal(pickBox([0, 0, 5], [0, 0, 1], [-1, -1, -1, 1, 1, 1]), null);
  assert.deepEqual(pickBox([0, 0, 0], [0, 0, 1], [-1, -1, -1, 1, 1, 1]), { index: 0, distance: 0 });
});

test("looks only at the boxes it is told to", () => {
  const boxes = [-1, -1, -1, 1, 1, 1, -1, -1, -9, 1, 1, -8];
  assert.equal(pickBox([0, 0, 5], [0, 0, -1], boxes)?.index, 0);
  assert.equal(pickBox([0, 0, 5], [0, 0, -1], boxes, 1)?.index, 1);
});
