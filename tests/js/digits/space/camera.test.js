import assert from "node:assert/strict";
import { test } from "node:test";
import { PerspectiveCamera, Vector3 } from "three";
import { fitView } from "../../../../static/js/digits/space/camera.js";

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
