import assert from "node:assert/strict";
import { test } from "node:test";
import { FeaturesModel } from "../../../static/js/features/model.js";
import { FIRST } from "../../../static/js/features/state.js";

/**
 * @typedef {import("../../../static/js/features/model.js").FeaturesServer} FeaturesServer
 * @typedef {{what: string, of: any[], answer: () => void, refuse: (error?: Error) => void}} Asked
 */

const layer = (/** @type {string} */ name, operation = "relu") => ({
  name,
  operation,
  inputs: ["input"],
  shape: [3, 2, 2],
  layout: "CHW",
  parameters: 0,
  macs: 0,
  receptive_field: null,
  kernels: [],
  options: {},
  editable: true,
  reachable: true,
});

const NETWORKS = [
  {
    name: "efficientnet_lite0",
    layers: [layer("conv1", "conv2d"), layer("relu1"), layer("relu2")],
    here: true,
    input: [3, 8, 8],
    classes: 10,
  },
  { name: "other", layers: [layer("conv1", "conv2d"), layer("late")], here: true, input: [3, 16, 16], classes: 2 },
  { name: "far", layers: [layer("relu1")], here: false, input: [3, 16, 16], classes: 2 },
].map((network) => ({ title: network.name, kind: "photo", parameters: 0, macs: 0, ...network }));

/** Three maps of 2 x 2: the strongest value is that of map 1, row 1, column 0. */
const MAPS = [0, 1, 0, 0, 0, 0, 9, 0, 2, 2, 2, 2];

/** What each answer would be; the picture's name is in it, so that one sees to which it belongs. @type {Record<string, (...of: any[]) => any>} */
const ANSWERS = {
  fetchNetworks: () => NETWORKS,
  fetchNetwork: (name) => NETWORKS.find((network) => network.name === name),
  fetchAnswer: (state) => [
    { tensors: {}, facts: { network: state.network, image: state.image } },
    { classes: [{ index: 0, name: `${state.network} ${state.image} ${state.muted}`, probability: 1 }], unsure: false },
  ],
  fetchLayer: (state, name) => ({
    tensors: { [name]: { shape: [1, 3, 2, 2], data: Float32Array.from(MAPS) } },
    facts: { layers: { [name]: { layout: "CHW", shape: [3, 2, 2], low: 0, high: 9, image: state.image } } },
  }),
  fetchMap: () => ({ shape: [2, 2], data: Float32Array.from([2.01, 2, 1.99, 2]) }),
  fetchUnit: (_, name, unit) => ({ explanation: { value: `${name} ${unit}` }, field: null, refusal: "" }),
  fetchField: (_, name, unit) => ({ of: `${name} ${unit}` }),
  fetchWidestRange: (state) => (state.image === "sample-cat" ? 50 : 70),
  fetchEffects: () => [1, 2, 3],
};

/** A server that answers when it is told to: in which order, the test decides. */
function slowServer() {
  /** @type {Asked[]} */
  const asked = [];
  const entries = Object.keys(ANSWERS).map((what) => [
    what,
    (/** @type {any[]} */ ...of) =>
      new Promise((resolve, reject) => {
        asked.push({
          what,
          of,
          answer: () => resolve(ANSWERS[what](...of)),
          refuse: (error = new Error(`no ${what}`)) => reject(error),
        });
      }),
  ]);
  return { asked, server: /** @type {FeaturesServer} */ (Object.fromEntries(entries)) };
}

/** Whatever was to come of what was answered has come. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A model, what its server is asked, and hands that answer it. @param {Partial<import("../../../static/js/features/state.js").FeaturesState>} [state] */
async function opened(state = {}) {
  const { asked, server } = slowServer();
  const hand = {
    asked,
    told: 0,
    /** Takes the newest question of a kind out of those that wait. @param {string} what @returns {Asked} */
    take(what) {
      const at = asked.findLastIndex((each) => each.what === what);
      assert.notEqual(at, -1, `${what} is not asked`);
      return asked.splice(at, 1)[0];
    },
    /** Answers all, the newest first, and what they lead to. @param {...string} but */
    async all(...but) {
      for (let next = 0; next >= 0; await settled()) {
        next = asked.findLastIndex(({ what }) => !but.includes(what));
        if (next >= 0) asked.splice(next, 1)[0].answer();
      }
    },
  };
  const model = new FeaturesModel(server, () => hand.told++);
  model.open({ ...FIRST, ...state });
  await hand.all();
  return { model, ...hand, hand };
}

const said = (/** @type {FeaturesModel} */ { prediction }) => prediction?.classes[0].name;

test("a first visit shows the first ReLU, its strongest unit, and what the network says", async () => {
  const { model, hand } = await opened();
  assert.equal(model.shown?.layer, "relu1");
  assert.deepEqual(model.place, { channel: 1, row: 1, column: 0 });
  assert.deepEqual(model.unit?.unit, [1, 1, 0]);
  assert.equal(said(model), "efficientnet_lite0 sample-cat ");
  assert.deepEqual(
    model.layers.map(({ name }) => name),
    ["input", "conv1", "relu1", "relu2"],
  );
  assert.ok(model.ready && hand.told > 0);
});

test("a layer, a unit that the address says and the network does not have", async () => {
  const unknown = await opened({ layer: "block9.conv1", unit: [1, 1, 1] });
  assert.equal(unknown.model.shown?.layer, "relu1");
  assert.equal(unknown.model.fault, "");
  const outside = await opened({ layer: "relu2", unit: [1, 200, 0] });
  assert.equal(outside.model.shown?.layer, "relu2");
  assert.deepEqual(outside.model.place, { channel: 1, row: 1, column: 0 });
});

test("another network begins at its own first layer, whole and unchanged", async () => {
  const { model, hand } = await opened({ layer: "relu2", unit: [2, 0, 0], muted: ["relu2~1"], target: 7 });
  model.chooseNetwork("other");
  assert.equal(model.place, null);
  await hand.all();
  assert.equal(model.shown?.layer, "late");
  assert.equal(said(model), "other sample-cat ");
  assert.deepEqual([model.changes, model.state.target, model.state.unit], [0, null, null]);
  assert.equal(model.state.image, "sample-cat");
});

test("of two networks the newer one is shown, whichever answers last", async () => {
  const { model, hand } = await opened();
  model.chooseNetwork("other");
  const other = hand.take("fetchNetwork");
  model.chooseNetwork("efficientnet_lite0");
  await hand.all();
  other.answer();
  await hand.all();
  assert.deepEqual(
    [model.network?.name, said(model), model.shown?.layer],
    ["efficientnet_lite0", "efficientnet_lite0 sample-cat ", "relu1"],
  );
});

test("a network does not wait for the answers of the one before, and does not show them", async () => {
  const { model, hand } = await opened();
  model.choosePicture("sample-coffee");
  const late = hand.take("fetchAnswer");
  model.chooseNetwork("other");
  await hand.all();
  assert.equal(model.shown?.layer, "late");
  late.answer();
  await settled();
  assert.notEqual(said(model), "efficientnet_lite0 sample-coffee ");
  await hand.all();
  assert.equal(said(model), "other sample-coffee ");
});

test("what fails of a network that was given up is not said of the next", async () => {
  const { model, hand } = await opened();
  model.chooseNetwork("other");
  const other = hand.take("fetchNetwork");
  model.chooseNetwork("efficientnet_lite0");
  other.refuse(Object.assign(new Error("no weights"), { code: "weights_missing" }));
  await hand.all();
  assert.deepEqual([model.absent, model.fault, model.network?.name], [false, "", "efficientnet_lite0"]);
});

test("of two layers and two pictures the newer ones are shown, whichever answers last", async () => {
  const { model, hand } = await opened();
  model.chooseLayer("relu2");
  model.chooseLayer("conv1");
  await hand.all();
  assert.deepEqual([model.shown?.layer, model.unit?.layer], ["conv1", "conv1"]);
  model.choosePicture("sample-coffee");
  model.choosePicture("sample-rocket");
  await hand.all();
  assert.deepEqual([said(model), model.shown?.scale.image], ["efficientnet_lite0 sample-rocket ", "sample-rocket"]);
});

test("what fails leaves the last good maps and says why, until it is answered", async () => {
  const { model, hand } = await opened();
  model.chooseLayer("relu2");
  hand.take("fetchLayer").refuse(new Error("the server does not answer"));
  await hand.all();
  assert.equal(model.shown?.layer, "relu1");
  assert.equal(model.fault, "the server does not answer");
  model.choosePicture("sample-coffee");
  hand.take("fetchAnswer").answer();
  await settled();
  assert.equal(model.fault, "the server does not answer", "another question's answer does not take it back");
  await hand.all();
  assert.deepEqual([model.fault, model.shown?.layer], ["", "relu2"]);
});

test("a failure that a newer choice has overtaken is not said", async () => {
  const { model, hand } = await opened();
  model.choosePicture("sample-gone");
  const gone = [hand.take("fetchAnswer"), hand.take("fetchLayer")];
  model.choosePicture("sample-coffee");
  gone.forEach(({ refuse }) => refuse());
  await settled();
  assert.equal(model.fault, "");
  await hand.all();
  assert.deepEqual([model.fault, said(model)], ["", "efficientnet_lite0 sample-coffee "]);
});

test("weights that are not here are no fault, and are shown once they have come", async () => {
  const { model, hand } = await opened({ network: "far" });
  assert.deepEqual([model.absent, model.fault, model.ready], [true, "", true]);
  model.weightsCame();
  await hand.all();
  assert.deepEqual([model.absent, model.network?.name], [false, "far"]);
});

test("a map that is switched off changes the answer, and everything can be taken back", async () => {
  const { model, hand } = await opened();
  model.pin({ channel: 2 });
  model.toggleMap();
  await hand.all();
  assert.deepEqual([said(model), [...model.off], model.changes], ["efficientnet_lite0 sample-cat relu1~2", [2], 1]);
  assert.equal(model.place?.channel, 2, "it stays the one that is looked at");
  model.toggleMap();
  await hand.all();
  assert.equal(model.changes, 0);
  model.change({ muted: ["relu1~0"], edits: [{ edit: "scale", layer: "conv1", channels: [0], factor: 2 }] });
  model.restore();
  await hand.all();
  assert.deepEqual([model.changes, said(model)], [0, "efficientnet_lite0 sample-cat "]);
});

test("what changes neither picture nor network asks for no maps again", async () => {
  const { model, hand } = await opened();
  model.change({ range: "map", sort: "strength", method: "saliency" });
  assert.deepEqual(hand.asked, []);
  model.pin({ row: 0, column: 1 });
  assert.deepEqual(
    hand.asked.map(({ what, of }) => [what, of[1], of[2]]),
    [["fetchUnit", "relu1", [1, 0, 1]]],
  );
});

test("the maps' order", async () => {
  const { model, hand } = await opened();
  assert.deepEqual(model.order, [0, 1, 2]);
  model.change({ sort: "strength" });
  assert.deepEqual(model.order, [1, 2, 0]);
  assert.equal(model.order, model.order, "is made once");
  model.change({ sort: "effect" });
  assert.deepEqual([model.order, model.effectsHere], [[0, 1, 2], null]);
  await hand.all();
  assert.deepEqual(model.order, [2, 1, 0]);
  model.chooseLayer("relu2");
  await hand.all("fetchEffects");
  assert.deepEqual(model.order, [0, 1, 2], "is not that of another layer's effects");
});

test("the network's scale is that of the picture that is shown", async () => {
  const { model, hand } = await opened({ range: "network" });
  assert.deepEqual(model.range, { low: 0, high: 50 });
  model.change({ range: "layer" });
  model.choosePicture("sample-coffee");
  await hand.all();
  assert.deepEqual(model.range, { low: 0, high: 9 });
  model.change({ range: "network" });
  await hand.all();
  assert.deepEqual(model.range, { low: 0, high: 70 });
  model.change({ range: "map" });
  assert.equal(model.range, null);
});

test("a walk goes back the way that it came, and ends where another layer is chosen", async () => {
  const { model, hand } = await opened({ layer: "relu2", unit: [0, 1, 1] });
  model.walk("relu1", [1, 0, 0]);
  await hand.all();
  model.walk("input", [2, 0, 1]);
  await hand.all();
  assert.deepEqual([model.shown?.layer, model.place], ["input", { channel: 2, row: 0, column: 1 }]);
  model.back();
  await hand.all();
  assert.deepEqual([model.shown?.layer, model.unit?.unit], ["relu1", [1, 0, 0]]);
  model.back();
  await hand.all();
  assert.deepEqual([model.shown?.layer, model.unit?.unit, model.trail.length], ["relu2", [0, 1, 1], 0]);
  model.walk("relu1", [1, 0, 0]);
  model.chooseLayer("conv1");
  assert.equal(model.trail.length, 0);
});

test("a unit's terms are shown before its field is known, which comes to that unit alone", async () => {
  const { model, hand } = await opened();
  model.pin({ channel: 2, row: 0, column: 0 });
  hand.take("fetchUnit").answer();
  await settled();
  assert.equal(model.unit?.explanation?.value, "relu1 2,0,0");
  assert.equal(model.unit?.field, null);
  const late = hand.take("fetchField");
  model.pin({ channel: 0, row: 1, column: 1 });
  await hand.all("fetchField");
  late.answer();
  await settled();
  assert.equal(model.unit?.field, null);
  await hand.all();
  assert.deepEqual(model.unit?.field, { of: "relu1 0,1,1" });
});

/** The same maps as the server sends a large layer: bytes, and map 1 as it is. @param {string} name */
const lightly = (name) => ({
  tensors: {
    [name]: { shape: [1, 3, 2, 2], data: Uint8Array.from([0, 126, 0, 0, 0, 0, 126, 0, 126, 126, 126, 126]) },
    [`${name}.ends`]: { shape: [3, 2], data: Float32Array.from([0, 1, 0, 9, 0, 2]) },
    [`${name}.exact`]: { shape: [2, 2], data: Float32Array.from([0, 0, 9, 0]) },
  },
  facts: { layers: { [name]: { layout: "CHW", shape: [3, 2, 2], low: 0, high: 9, exact: 1 } } },
});

test("of maps that came as bytes the numbers are asked for of the one that is looked at, and of all for an order", async () => {
  const whole = ANSWERS.fetchLayer;
  ANSWERS.fetchLayer = (state, name, light) => (light ? lightly(name) : whole(state, name));
  try {
    const { model, hand } = await opened();
    assert.deepEqual([...(model.shown?.stack.data ?? [])], MAPS);
    assert.equal(
      hand.asked.some(({ what }) => what === "fetchMap"),
      false,
      "the strongest is here",
    );

    model.pin({ channel: 2 });
    const { of, answer } = hand.take("fetchMap");
    assert.deepEqual(of.slice(1), ["relu1", 2]);
    assert.equal(model.shown?.stack.exact?.has(2), false);
    answer();
    await hand.all();
    assert.ok(model.shown?.stack.exact?.has(2));
    assert.deepEqual([...(model.shown?.stack.data.subarray(8) ?? [])], [2.01, 2, 1.99, 2].map(Math.fround));

    model.change({ sort: "strength" });
    assert.equal(hand.take("fetchLayer").of[2], false, "whole, since their order needs all numbers");
  } finally {
    ANSWERS.fetchLayer = whole;
  }
});
