import assert from "node:assert/strict";
import { test } from "node:test";
import { networkLayout2d } from "../../static/js/digits/flat/layout.js";
import { unitAt } from "../../static/js/lib/unit_at.js";
import { unitSquare } from "../../static/js/lib/unit_square.js";

const layout = networkLayout2d(
  [
    { name: "input", shape: [1, 28, 28] },
    { name: "maps", shape: [7, 6, 9] },
    { name: "line", shape: [130] },
  ],
  300,
  { ratio: 2 },
);

test("the middle of every unit's square leads back to it", () => {
  for (const block of layout.blocks) {
    for (let index = 0; index < block.units; index++) {
      const { x, y, side } = unitSquare(block, index);
      assert.deepEqual(unitAt(layout, x + side / 2, y + side / 2), { layer: block.name, index });
    }
  }
});

test("between maps, on labels and beyond a vector's end there is no unit", () => {
  const [, maps, line] = layout.blocks;
  assert.equal(unitAt(layout, maps.x + maps.columns * maps.cell + maps.gap / 2, maps.top + 1), null);
  assert.equal(unitAt(layout, maps.x + 2, maps.y + 5), null);
  const last = unitSquare(line, line.units - 1);
  assert.equal(unitAt(layout, last.x + 1.5 * last.side, last.y + last.side / 2), null);
});

test("a hidden layer is not found", () => {
  const hidden = networkLayout2d([{ name: "input", shape: [1, 28, 28] }], 300, { hidden: ["input"] });
  assert.equal(unitAt(hidden, 5, 25), null);
});
