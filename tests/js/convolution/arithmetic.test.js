import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { convolve } from "../../../static/js/convolution/arithmetic.js";
import { pad } from "../../../static/js/lib/pad.js";
import { paddingOf } from "../../../static/js/lib/padding_of.js";
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
      /** @type {import("../../../static/js/lib/pad.js").PaddingMode} */ (mode),
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
