import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadLabels } from "../../static/js/lib/spread_labels.js";

test("labels with room stay where they are", () => {
  assert.deepEqual(spreadLabels([50, 10, 30], 12, 0, 100), [50, 10, 30]);
});

test("two at the same place give way alike", () => {
  assert.deepEqual(spreadLabels([40, 40], 10, 0, 100), [35, 45]);
});

test("a crowd keeps its order, overlaps nowhere and moves least", () => {
  const wanted = [20, 22, 23, 60, 61];
  const places = spreadLabels(wanted, 10, 0, 100);
  for (let i = 1; i < places.length; i++) assert.ok(places[i] - places[i - 1] >= 10 - 1e-9);
  const cost = (/** @type {number[]} */ at) => at.reduce((sum, each, i) => sum + (each - wanted[i]) ** 2, 0);
  for (let shift = -3; shift <= 3; shift += 0.5) {
    assert.ok(cost(places) <= cost(places.map((each, i) => (i < 3 ? each + shift : each))) + 1e-9);
  }
});

test("none leaves the line where all have room on it", () => {
  const places = spreadLabels([-5, 0, 98, 120], 10, 0, 100);
  assert.deepEqual(places, [5, 15, 85, 95]);
});
