import assert from "node:assert/strict";
import { test } from "node:test";
import { networkLayout2d } from "../../static/js/digits/flat/layout.js";
import { stepUnit } from "../../static/js/lib/step_unit.js";

const layout = networkLayout2d(
  [
    { name: "input", shape: [1, 4, 4] },
    { name: "maps", shape: [2, 4, 4] },
    { name: "line", shape: [8] },
  ],
  300,
);

test("arrows walk a map, over its edge into the next one, and stop at the end", () => {
  assert.deepEqual(stepUnit(layout, { layer: "maps", index: 0 }, "ArrowDown"), { layer: "maps", index: 4 });
  assert.deepEqual(stepUnit(layout, { layer: "maps", index: 3 }, "ArrowRight"), { layer: "maps", index: 16 });
  assert.deepEqual(stepUnit(layout, { layer: "maps", index: 16 }, "ArrowLeft"), { layer: "maps", index: 3 });
  assert.deepEqual(stepUnit(layout, { layer: "maps", index: 0 }, "ArrowUp"), { layer: "maps", index: 0 });
});

test("Page Down and Page Up change the layer, over hidden ones", () => {
  assert.deepEqual(stepUnit(layout, { layer: "maps", index: 31 }, "PageDown"), { layer: "line", index: 7 });
  assert.deepEqual(stepUnit(layout, { layer: "input", index: 5 }, "PageUp"), { layer: "input", index: 5 });
  const hidden = networkLayout2d(
    [
      { name: "input", shape: [1, 4, 4] },
      { name: "maps", shape: [2, 4, 4] },
      { name: "line", shape: [8] },
    ],
    300,
    { hidden: ["maps"] },
  );
  assert.deepEqual(stepUnit(hidden, { layer: "input", index: 0 }, "PageDown"), { layer: "line", index: 0 });
});

test("other keys lead nowhere", () => {
  assert.equal(stepUnit(layout, { layer: "maps", index: 0 }, "a"), null);
});
