/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * What came in under one weight of a kernel, place by place, and what came of it.
 *
 * @param {Tensor} input (C, H, W) of the layer
 * @param {Tensor} cameBack (O, H', W') to the layer's output
 * @param {number[]} index of the weight: output channel, input channel, row, column
 * @param {{stride?: number[], padding?: number[]}} options of the layer
 * @returns {{cameIn: Tensor, cameBack: Tensor, products: Tensor, sum: number}} (H', W') each
 */
export function kernelTerms(input, cameBack, [output, channel, down, right], { stride = [1, 1], padding = [0, 0] }) {
  const [, tall, wide] = input.shape;
  const [, rows, columns] = cameBack.shape;
  const shape = [rows, columns];
  const back = Float32Array.from(cameBack.data.subarray(output * rows * columns, (output + 1) * rows * columns));
  const from = new Float32Array(rows * columns);
  let sum = 0;
  const products = back.map((value, i) => {
    const row = Math.floor(i / columns) * stride[0] + down - padding[0];
    const column = (i % columns) * stride[1] + right - padding[1];
    const inside = row >= 0 && column >= 0 && row < tall && column < wide;
    from[i] = inside ? input.data[(channel * tall + row) * wide + column] : 0;
    sum += from[i] * value;
    return from[i] * value;
  });
  return { cameIn: { shape, data: from }, cameBack: { shape, data: back }, products: { shape, data: products }, sum };
}

/**
 * One picture of a batch, without a copy.
 *
 * @param {Tensor} tensor (B, ...)
 * @param {number} picture
 * @returns {Tensor} (...)
 */
export function ofPicture({ shape, data }, picture) {
  const size = data.length / shape[0];
  return { shape: shape.slice(1), data: data.subarray(picture * size, (picture + 1) * size) };
}
