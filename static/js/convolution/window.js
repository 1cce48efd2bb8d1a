/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
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

/**
 * Where the window of an output cell lies on the padded input.
 *
 * @param {import("./run.js").Window} window
 * @param {{row: number, column: number}} cell of the output
 * @returns {{top: number, left: number, bottom: number, right: number}}
 */
export function windowBox({ height, width, stride, dilation }, { row, column }) {
  const [top, left] = [row * stride, column * stride];
  return { top, left, bottom: top + dilation * (height - 1) + 1, right: left + dilation * (width - 1) + 1 };
}

/**
 * The output cell whose window has its middle nearest to a cell of the padded input.
 *
 * @param {import("./run.js").Window} window
 * @param {{row: number, column: number}} cell of the padded input
 * @param {[number, number]} size rows and columns of the output
 * @returns {{row: number, column: number}}
 */
export function cellUnder({ height, width, stride, dilation }, { row, column }, [rows, columns]) {
  const near = (/** @type {number} */ at, /** @type {number} */ kernel, /** @type {number} */ places) =>
    Math.min(Math.max(Math.round((at - (dilation * (kernel - 1)) / 2) / stride), 0), places - 1);
  return { row: near(row, height, rows), column: near(column, width, columns) };
}

/**
 * How many places a window finds along one side: floor((size + padding - dilation (kernel - 1) - 1) / stride) + 1, the
 * formula of PyTorch's Conv2d and MaxPool2d.
 *
 * @param {object} side
 * @param {number} side.size values along the side
 * @param {number} side.kernel
 * @param {number} [side.padding] both ends together
 * @param {number} [side.stride]
 * @param {number} [side.dilation]
 * @returns {number} below 1 where the window does not fit
 */
export function outputSize({ size, kernel, padding = 0, stride = 1, dilation = 1 }) {
  return Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/**
 * @typedef {{top: number, left: number, bottom: number, right: number}} Border in values
 */

/**
 * What a padding adds on each side. "same" keeps the size at stride 1; where that takes an odd number, the last side has
 * one more, as in PyTorch.
 *
 * @param {number | "same"} padding
 * @param {[number, number]} kernel height and width
 * @param {number} [dilation]
 * @returns {Border}
 */
export function paddingOf(padding, [height, width], dilation = 1) {
  if (padding !== "same") return { top: padding, left: padding, bottom: padding, right: padding };
  const [vertical, horizontal] = [dilation * (height - 1), dilation * (width - 1)];
  const [top, left] = [vertical >> 1, horizontal >> 1];
  return { top, left, bottom: vertical - top, right: horizontal - left };
}
