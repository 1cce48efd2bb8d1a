import assert from "node:assert/strict";
import { test } from "node:test";
import { Box3, Ray, Vector3 } from "three";
import { pickBox } from "../../static/js/lib/pick_box.js";

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
