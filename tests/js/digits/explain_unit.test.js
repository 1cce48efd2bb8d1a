import assert from "node:assert/strict";
import { test } from "node:test";
import { explainUnit } from "../../../static/js/digits/explain_unit.js";
import { forward } from "../../../static/js/digits/forward.js";
import { sumOf } from "../../../static/js/shared/statistics.js";
import { unitOf } from "../../../static/js/shared/units.js";
import { forwardFixture } from "./forward_fixture.js";

const { layers, weights, recorded, units } = forwardFixture();

test("the terms of each operation are those that the server explains", () => {
  for (const { layer, unit, value, bias, terms } of units) {
    const own = explainUnit(layers, weights, recorded, layer, unit);
    assert.ok(Math.abs(own.value - value) < 1e-6, layer);
    if (own.operation !== "flatten") assert.ok(Math.abs((own.bias ?? 0) - (bias ?? 0)) < 1e-6, layer);
    assert.equal(own.terms.length, terms.length, layer);
    own.terms.forEach((term, i) => {
      assert.ok(Math.abs(term.input - terms[i].input) < 1e-6, `${layer} input ${i}`);
      if (terms[i].layer) assert.deepEqual(term.unit, terms[i].unit, `${layer} unit ${i}`);
      if (own.operation !== "softmax")
        assert.ok(Math.abs(term.product - terms[i].product) < 1e-6, `${layer} product ${i}`);
    });
  }
});

test("the terms of every unit of every layer make its value, within 1e-5 of it", () => {
  const activations = forward(layers, weights, recorded.input);
  let count = 0;
  for (const { name, operation } of layers) {
    const { shape, data } = activations[name];
    for (let index = 0; index < data.length; index++) {
      const unit = unitOf(shape, index);
      const { terms, bias } = explainUnit(layers, weights, activations, name, unit);
      const sum = sumOf(terms);
      const made = operation === "softmax" ? terms[unit[0]].product / sum : sum + (bias ?? 0);
      assert.ok(
        Math.abs(made - data[index]) <= 1e-5 * Math.abs(data[index]),
        `${name} ${unit}: ${made} and ${data[index]}`,
      );
      count++;
    }
  }
  assert.equal(count, 783);
});

test("in a window of equal values the first one wins, as in PyTorch", () => {
  const flat = { shape: [1, 2, 2], data: new Float32Array(4).fill(0.5) };
  const pool = {
    name: "pool",
    operation: "max_pool2d",
    shape: [1, 1, 1],
    parameters: 0,
    options: { kernel_size: [2, 2], stride: [2, 2] },
  };
  const { terms } = explainUnit(
    [pool],
    {},
    { input: flat, pool: { shape: [1, 1, 1], data: new Float32Array([0.5]) } },
    "pool",
    [0, 0, 0],
  );
  assert.deepEqual(
    terms.map(({ weight }) => weight),
    [1, 0, 0, 0],
  );
});

test("a pixel has no terms", () => {
  assert.deepEqual(explainUnit(layers, weights, recorded, "input", [0, 1, 1]).terms, []);
});
