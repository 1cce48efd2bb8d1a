import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { centreDigit } from "../../../static/js/digits/centre_digit.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

const { tensors } = safetensors(
  new Uint8Array(readFileSync(new URL("../fixtures/placed_digits.safetensors", import.meta.url))).buffer,
);

/** @param {ArrayLike<number>} own @param {ArrayLike<number>} other */
function close(own, other) {
  assert.equal(own.length, other.length);
  for (let i = 0; i < own.length; i++) assert.ok(Math.abs(own[i] - other[i]) < 1e-5, `${i}: ${own[i]} and ${other[i]}`);
}

for (const name of ["pad", "small"]) {
  test(`${name}: the browser places a drawing as the server does`, () => {
    const { shape, data } = tensors[`${name}.drawing`];
    const placed = centreDigit(/** @type {Float32Array} */ (data), shape[0]);
    assert.ok(placed);
    close(placed.raw, tensors[`${name}.raw`].data);
    close(placed.centred, tensors[`${name}.centred`].data);
  });
}

test("the centre of mass comes to the middle and the longer side to 20 pixels", () => {
  const drawing = new Float32Array(112 * 112);
  for (let row = 10; row < 50; row++) drawing.fill(1, row * 112 + 80, row * 112 + 90);
  const placed = centreDigit(drawing, 112);
  assert.ok(placed);
  const { centred } = placed;
  let [mass, row, column] = [0, 0, 0];
  centred.forEach((value, i) => {
    mass += value;
    row += value * (Math.floor(i / 28) + 0.5);
    column += value * ((i % 28) + 0.5);
  });
  assert.ok(Math.abs(row / mass - 14) < 0.01 && Math.abs(column / mass - 14) < 0.01);
  assert.ok(Math.abs(mass - 20 * 5) < 0.1);
  assert.deepEqual(placed.box, { top: 10, left: 80, bottom: 50, right: 90 });
});

test("without ink there is nothing to place", () => {
  assert.equal(centreDigit(new Float32Array(112 * 112).fill(0.05), 112), null);
});
