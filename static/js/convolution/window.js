/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {object} Term
 * @property {number} channel of the input
 * @property {number} row in the padded input
 * @property {number} column
 * @property {number} value
 * @property {number} weight
 * @property {number} product
 * @typedef {{channel: number, terms: Term[][], sum: number}} Part one channel's rows of terms
 */

/**
 * The products that make one value of a convolution, in double precision.
 *
 * @param {Tensor} padded (C, H, W)
 * @param {number[][][]} kernel (1 or C, height, width)
 * @param {{row: number, column: number, channel?: number}} unit of the output; `channel` where one slice goes over each
 * @param {{stride?: number, dilation?: number}} [options]
 * @returns {{parts: Part[], sum: number}}
 */
export function windowTerms(padded, kernel, { row, column, channel = 0 }, { stride = 1, dilation = 1 } = {}) {
  const [, height, width] = padded.shape;
  const parts = kernel.map((slice, c) => {
    const from = kernel.length === 1 ? channel : c;
    const terms = slice.map((weights, u) =>
      weights.map((weight, v) => {
        const [y, x] = [row * stride + u * dilation, column * stride + v * dilation];
        const value = padded.data[(from * height + y) * width + x];
        return { channel: from, row: y, column: x, value, weight, product: value * weight };
      }),
    );
    return { channel: from, terms, sum: terms.flat().reduce((sum, { product }) => sum + product, 0) };
  });
  return { parts, sum: parts.reduce((sum, part) => sum + part.sum, 0) };
}
