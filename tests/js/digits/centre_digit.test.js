import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { centreDigit } from "../../../static/js/digits/centre_digit.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";

/** @param {string} name */
const read = (name) =>
  safetensors(new Uint8Array(readFileSync(new URL(`../fixtures/${name}.safetensors`, import.meta.url))).buffer);

const { tensors } = read("placed_digits");

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

/** @param {ArrayLike<number>} digit 28 x 28 */
function middleOf(digit) {
  let [mass, row, column] = [0, 0, 0];
  for (let i = 0; i < digit.length; i++) {
    mass += digit[i];
    row += digit[i] * (Math.floor(i / 28) + 0.5);
    column += digit[i] * ((i % 28) + 0.5);
  }
  return { mass, row: row / mass, column: column / mass };
}

test("five hundred digits of MNIST stay where they are when they are centred", () => {
  const { digits, middles: expected } = read("mnist").tensors;
  const middles = expected.data;
  const count = digits.shape[0];
  assert.equal(count, 500);
  const shift = [0, 0];
  for (let n = 0; n < count; n++) {
    const digit = Float32Array.from(digits.data.subarray(784 * n, 784 * (n + 1)), (byte) => byte / 255);
    const { row, column } = middleOf(/** @type {any} */ (centreDigit(digit, 28)).centred);
    shift[0] += (row - middles[2 * n]) / count;
    shift[1] += (column - middles[2 * n + 1]) / count;
  }
  assert.ok(Math.abs(shift[0]) < 0.1 && Math.abs(shift[1]) < 0.1, `${shift}`);
});

test("the centre of mass comes to the middle pixel and the longer side to 20 pixels", () => {
  const drawing = new Float32Array(112 * 112);
  for (let row = 10; row < 50; row++) drawing.fill(1, row * 112 + 80, row * 112 + 90);
  const placed = centreDigit(drawing, 112);
  assert.ok(placed);
  const { centred } = placed;
  const { mass, row, column } = middleOf(centred);
  assert.ok(Math.abs(row - 14.5) < 0.01 && Math.abs(column - 14.5) < 0.01);
  assert.ok(Math.abs(mass - 20 * 5) < 0.1);
  assert.deepEqual(placed.box, { top: 10, left: 80, bottom: 50, right: 90 });
});

test("without ink there is nothing to place", () => {
  assert.equal(centreDigit(new Float32Array(112 * 112).fill(0.05), 112), null);
});
