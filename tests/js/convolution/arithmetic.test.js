import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { convolve, pad, pool } from "../../../static/js/convolution/arithmetic.js";
import { paddingOf } from "../../../static/js/convolution/window.js";
import { safetensors } from "../../../static/js/shared/safetensors.js";
import { subTensor } from "../../../static/js/shared/tensors.js";

const bytes = await readFile(new URL("../fixtures/convolution.safetensors", import.meta.url));
const { tensors } = safetensors(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const settings = [...new Set(Object.keys(tensors).map((name) => name.replace(/ \w+$/, "")))];

/** @param {import("../../../static/js/shared/safetensors.js").Tensor} tensor (O, C, height, width) @returns {number[][][][]} */
function nested(tensor) {
  const [count, slices, height, width] = tensor.shape;
  return Array.from({ length: count }, (_, o) =>
    Array.from({ length: slices }, (__, c) =>
      Array.from({ length: height }, (___, u) =>
        Array.from({ length: width }, (____, v) => subTensor(tensor, [o, c, u, v]).data[0]),
      ),
    ),
  );
}

for (const setting of settings) {
  test(`as PyTorch: ${setting}`, () => {
    const [, stride, padding, mode, dilation] = setting.split(" ");
    const kernel = tensors[`${setting} kernel`];
    const size = /** @type {[number, number]} */ (kernel.shape.slice(2));
    const border = paddingOf(padding === "same" ? padding : Number(padding), size, Number(dilation));
    const padded = pad(
      tensors[`${setting} x`],
      border,
      /** @type {import("../../../static/js/convolution/arithmetic.js").PaddingMode} */ (mode),
    );
    const { shape, data } = convolve(padded, nested(kernel), {
      stride: Number(stride),
      dilation: Number(dilation),
      divisor: 4,
      bias: 0.5,
    });
    const wanted = tensors[`${setting} y`];
    assert.deepEqual(shape, wanted.shape);
    data.forEach((value, i) => assert.ok(Math.abs(value - wanted.data[i]) < 1e-5, `${value} is not ${wanted.data[i]}`));
  });
}

test("there are cases of every padding mode", () => {
  assert.equal(new Set(settings.map((setting) => setting.split(" ")[3])).size, 4);
});

const pooling = await readFile(new URL("../fixtures/pooling.safetensors", import.meta.url));
const { x, shrunk, ...pools } = safetensors(
  pooling.buffer.slice(pooling.byteOffset, pooling.byteOffset + pooling.byteLength),
).tensors;

for (const [name, { shape, data }] of Object.entries(pools)) {
  test(`as PyTorch: ${name}`, () => {
    const [kind, size, stride] = name.split(" ");
    const found = pool(x, {
      kind: /** @type {"max" | "average"} */ (kind),
      size: Number(size),
      stride: Number(stride),
    });
    assert.deepEqual(found.shape, shape);
    found.data.forEach((value, i) => assert.ok(Math.abs(value - data[i]) < 1e-6));
  });
}

test("there are eight cases", () => assert.equal(Object.keys(pools).length + Number(shrunk === undefined), 8));

const row = { shape: [1, 1, 3], data: Float32Array.of(1, 2, 3) };

/** @param {import("../../../static/js/convolution/arithmetic.js").PaddingMode} mode */
const padded = (mode) => [...pad(row, { top: 0, left: 2, bottom: 0, right: 1 }, mode).data];

test("what each mode puts beside a row", () => {
  assert.deepEqual(padded("zeros"), [0, 0, 1, 2, 3, 0]);
  assert.deepEqual(padded("reflect"), [3, 2, 1, 2, 3, 2]);
  assert.deepEqual(padded("replicate"), [1, 1, 1, 2, 3, 3]);
  assert.deepEqual(padded("circular"), [2, 3, 1, 2, 3, 1]);
});

test("nothing to pad is no copy", () => assert.equal(pad(row, { top: 0, left: 0, bottom: 0, right: 0 }, "zeros"), row));
