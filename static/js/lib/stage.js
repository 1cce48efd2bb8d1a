import { convolve } from "../convolution/arithmetic.js";
import { flipKernel } from "./flip_kernel.js";
import { pad } from "./pad.js";
import { paddingOf } from "./padding_of.js";
import { pool } from "./pool.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {"convolution" | "max" | "average" | "flatten"} Operation
 * @typedef {object} Setting
 * @property {Operation} operation
 * @property {number[][][][]} kernels (O, 1 or C, height, width), as the editor shows them
 * @property {number} divisor
 * @property {number} bias
 * @property {boolean} flip true convolution instead of cross-correlation
 * @property {number | "same"} padding
 * @property {import("./pad.js").PaddingMode} mode
 * @property {number} stride
 * @property {number} dilation
 * @property {number} pool side of the pooling window
 * @property {number} poolStride
 *
 * @typedef {object} Window how the operation's window lies on the padded input
 * @property {number} height
 * @property {number} width
 * @property {number} stride
 * @property {number} dilation
 * @property {import("./padding_of.js").Border} border
 *
 * @typedef {{padded: Tensor, output: Tensor, window: Window}} Stage
 */

const NONE = { top: 0, left: 0, bottom: 0, right: 0 };

/** The kernels as they are laid on the input. @param {Setting} setting */
export const laidKernels = ({ kernels, flip }) => (flip ? kernels.map((slices) => slices.map(flipKernel)) : kernels);

/** @param {Setting} setting @returns {Window} */
export function windowOf({ operation, kernels, padding, stride, dilation, pool: side, poolStride }) {
  if (operation === "flatten") return { height: 1, width: 1, stride: 1, dilation: 1, border: NONE };
  if (operation !== "convolution") return { height: side, width: side, stride: poolStride, dilation: 1, border: NONE };
  const [height, width] = [kernels[0][0].length, kernels[0][0][0].length];
  return { height, width, stride, dilation, border: paddingOf(padding, [height, width], dilation) };
}

/**
 * Runs the operation of a setting that checkSetting has found possible.
 *
 * @param {Tensor} input (C, H, W)
 * @param {Setting} setting
 * @param {(border: import("./padding_of.js").Border, mode: import("./pad.js").PaddingMode) => Tensor} [padding] gives the padded
 *   input, for callers that keep it
 * @returns {Stage}
 */
export function runStage(input, setting, padding = (border, mode) => pad(input, border, mode)) {
  const window = windowOf(setting);
  if (setting.operation === "flatten") return { padded: input, output: flat(input), window };
  if (setting.operation !== "convolution") {
    return {
      padded: input,
      output: pool(input, { kind: setting.operation, size: window.height, stride: window.stride }),
      window,
    };
  }
  const padded = padding(window.border, setting.mode);
  return { padded, output: convolve(padded, laidKernels(setting), setting), window };
}

/** @param {Tensor} input @returns {Tensor} (1, 1, C H W) */
const flat = ({ data }) => ({ shape: [1, 1, data.length], data });
