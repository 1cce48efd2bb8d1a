import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaneView, axisTicks, innerPoints } from "../../../../static/js/latent/plane/view.js";

const view = PlaneView.around({ x: 1, y: -1, reach: 2 }, 400, 400);

test("a place comes back from its pixel, and y grows upwards", () => {
  assert.deepEqual([view.column(1), view.row(-1)], [200, 200]);
  assert.deepEqual(view.point(view.column(2.5), view.row(0.5)), { x: 2.5, y: 0.5 });
  assert.deepEqual(view.edges, { left: -1, right: 3, bottom: -3, top: 1 });
});

test("enlarging leaves what is under the finger where it is", () => {
  const { x, y } = view.point(50, 300);
  const near = view.zoomed(3, 50, 300);
  assert.ok(Math.abs(near.column(x) - 50) < 1e-9 && Math.abs(near.row(y) - 300) < 1e-9);
});

test("moving moves everything along", () => {
  const moved = view.moved(40, -20);
  assert.deepEqual([moved.column(1), moved.row(-1)], [240, 180]);
});

test("ticks are round numbers within the ends", () => {
  assert.deepEqual(axisTicks(-3.4, 3.4), [-2, 0, 2]);
  assert.deepEqual(axisTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test("stray points are left out", () => {
  const inner = innerPoints(
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [99, 99],
    ],
    0.8,
  );
  assert.equal(inner.length, 4);
  assert.ok(inner.every(([x]) => x < 2));
});

test("what is shown stays the same at another size", () => {
  const near = view.zoomed(3, 50, 300).moved(12, 7);
  for (const side of [150, 400, 1000]) {
    const { edges } = PlaneView.around(near.square, side, side);
    for (const name of /** @type {const} */ (["left", "right", "bottom", "top"]))
      assert.ok(Math.abs(edges[name] - near.edges[name]) < 1e-9);
  }
});
