import assert from "node:assert/strict";
import { test } from "node:test";
import { graphLayout } from "../../../static/js/features/wiring.js";

test("a chain is one straight line", () => {
  const { spots, wires, columns, above, below } = graphLayout(3, [
    [0, 1],
    [1, 2],
  ]);
  assert.deepEqual(spots, [
    { column: 0, lane: 0 },
    { column: 1, lane: 0 },
    { column: 2, lane: 0 },
  ]);
  assert.deepEqual(
    wires.map(({ lane }) => lane),
    [0, 0],
  );
  assert.deepEqual([columns, above, below], [3, 0, 0]);
});

test("a shortcut without layers runs above, a branch with layers below", () => {
  const block = graphLayout(5, [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
    [3, 4],
  ]);
  assert.deepEqual(
    block.spots.map(({ lane }) => lane),
    [0, 0, 0, 0, 0],
  );
  assert.equal(block.wires[3].lane, -1);
  const branch = graphLayout(6, [
    [0, 1],
    [1, 2],
    [0, 3],
    [2, 4],
    [3, 4],
    [4, 5],
  ]);
  assert.deepEqual(branch.spots[3], { column: 1, lane: 1 });
  assert.deepEqual(branch.spots[4], { column: 3, lane: 0 });
  assert.equal(branch.wires[4].lane, 1);
});

test("two shortcuts that overlap have lanes of their own, later ones use them again", () => {
  const { wires, above } = graphLayout(8, [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
    [5, 6],
    [6, 7],
    [0, 3],
    [1, 4],
    [5, 7],
  ]);
  const [first, second, third] = wires.slice(-3).map(({ lane }) => lane);
  assert.notEqual(first, second);
  assert.ok(third === first || third === second);
  assert.equal(above, 2);
});

test("no two nodes lie in one place, and no wire runs through a node", () => {
  for (let seed = 1; seed < 60; seed++) {
    const count = 3 + (seed % 17);
    const next = random(seed);
    /** @type {[number, number][]} */
    const edges = [];
    for (let to = 1; to < count; to++) {
      const from = new Set([next(to), ...(next(3) === 0 ? [next(to)] : []), ...(next(4) === 0 ? [next(to)] : [])]);
      for (const each of from) edges.push([each, to]);
    }
    const { spots, wires } = graphLayout(count, edges);
    assert.equal(new Set(spots.map(({ column, lane }) => `${column} ${lane}`)).size, count, `seed ${seed}`);
    for (const { from, to, lane } of wires) {
      assert.ok(spots[from].column < spots[to].column);
      const crossed = spots.filter(
        (spot) => spot.lane === lane && spot.column > spots[from].column && spot.column < spots[to].column,
      );
      assert.deepEqual(crossed, [], `seed ${seed}: ${from} to ${to}`);
    }
  }
});

/** @param {number} seed @returns {(below: number) => number} */
function random(seed) {
  let state = seed * 7919;
  return (below) => ((state = (state * 1103515245 + 12345) % 2147483648), Math.floor((state / 2147483648) * below));
}
