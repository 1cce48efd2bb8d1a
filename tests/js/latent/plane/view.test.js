import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaneView } from "../../../../static/js/latent/plane/view.js";

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
