import assert from "node:assert/strict";
import { test } from "node:test";
import { featuresStateFromUrl, featuresStateToUrl, FIRST } from "../../../static/js/features/state.js";

test("what an address does not say, or what makes no sense, is as on a first visit", () => {
  assert.deepEqual(featuresStateFromUrl({}), FIRST);
  const nonsense = {
    range: "all",
    sort: "name",
    method: "lime",
    baseline: "red",
    crop: [1, 2],
    unit: [1, -2, 3],
    network: "",
  };
  assert.deepEqual(featuresStateFromUrl({ ...nonsense, matrix: [[1]] }), FIRST);
});

test("an address comes back as it went", () => {
  const state = {
    ...FIRST,
    network: "resnet18",
    layer: "layer1.0.conv1",
    unit: [0, 0, 0],
    crop: [0, 20, 100],
    target: 0,
    random: true,
    muted: ["conv1~3"],
    window: 7,
  };
  const url = featuresStateToUrl(state);
  assert.equal(url.class, 0);
  assert.deepEqual(featuresStateFromUrl(url), state);
});

test("nothing is written that was not chosen", () => {
  assert.deepEqual(
    Object.values(featuresStateToUrl(FIRST)).filter((value) => value !== undefined),
    [],
  );
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(featuresStateToUrl({ ...FIRST, sort: "effect" })))), ["sort"]);
});
