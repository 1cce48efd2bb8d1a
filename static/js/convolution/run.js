import { toGrey } from "../shared/tensors.js";
import { pad, convolve, pool } from "./arithmetic.js";
import { flipKernel } from "./kernels.js";
import { paddingOf } from "./window.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./state.js").ConvolutionState} ConvolutionState
 */

/**
 * @typedef {Stage & {input: Tensor, full: number, state: ConvolutionState}} Run `full` is the value of white, `state` what
 *   was computed
 */

/**
 * Runs a state again and again, and keeps what did not change: the picture in its scale, the padded picture. Where a
 * setting is impossible the last good run stays.
 */
export class StageRunner {
  /** @param {Bounds} [bounds] */
  constructor(bounds = UNBOUNDED) {
    this.bounds = bounds;
    /** @type {Run | null} */ this.last = null;
    /** @type {Problem | null} */ this.problem = null;
    /** @type {Map<string, {of: unknown[], is: Tensor}>} */ this.kept = new Map();
  }

  /**
   * @param {ConvolutionState} state
   * @param {Tensor | null} picture (3, H, W), 0..1
   * @returns {Run | null} null before there is a picture
   */
  run(state, picture) {
    const input = this.input(state, picture);
    if (!input) return this.last;
    const [, height, width] = input.shape;
    this.problem = checkSetting(state, height, width, this.bounds);
    if (this.problem) return this.last;
    const stage = runStage(input, state, (border, mode) =>
      this.keep("padded", [input, mode, ...Object.values(border)], () => pad(input, border, mode)),
    );
    this.last = { ...stage, input, state, full: state.matrix ? whiteOf(input.data) : state.scale };
    return this.last;
  }

  /** @param {ConvolutionState} state @param {Tensor | null} picture @returns {Tensor | null} */
  input({ matrix, channels, scale }, picture) {
    if (matrix)
      return this.keep("input", [matrix], () => ({
        shape: [1, matrix.length, matrix[0].length],
        data: Float32Array.from(matrix.flat()),
      }));
    if (!picture) return null;
    return this.keep("input", [picture, channels === "grey", scale], () =>
      scaled(channels === "grey" ? toGrey(picture) : picture, scale),
    );
  }

  /** @param {string} name @param {unknown[]} of what it is made of @param {() => Tensor} make */
  keep(name, of, make) {
    const kept = this.kept.get(name);
    if (kept && kept.of.length === of.length && kept.of.every((part, i) => part === of[i])) return kept.is;
    const is = make();
    this.kept.set(name, { of, is });
    return is;
  }
}

/** Whole numbers 0..255, or the picture as it is. @param {Tensor} tensor @param {number} scale @returns {Tensor} */
function scaled({ shape, data }, scale) {
  if (scale === 1) return { shape, data };
  const whole = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) whole[i] = Math.round(data[i] * scale);
  return { shape, data: whole };
}

/** @param {ArrayLike<number>} values */
const whiteOf = (values) => (Array.from(values).every((value) => Math.abs(value) <= 1) ? 1 : 255);

/**
 * @typedef {"convolution" | "max" | "average" | "flatten"} Operation
 * @typedef {object} Setting
 * @property {Operation} operation
 * @property {number[][][][]} kernels (O, 1 or C, height, width), as the editor shows them
 * @property {number} divisor
 * @property {number} bias
 * @property {boolean} flip true convolution instead of cross-correlation
 * @property {number | "same"} padding
 * @property {import("./arithmetic.js").PaddingMode} mode
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
 * @property {import("./window.js").Border} border
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
 * @param {(border: import("./window.js").Border, mode: import("./arithmetic.js").PaddingMode) => Tensor} [padding] gives the padded
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

/**
 * Why a setting is impossible: the field that is to blame, a code, and the numbers that explain it.
 *
 * @typedef {{field: string, code: string, values: Record<string, string | number>}} Problem
 */

/**
 * The most that the server accepts: how far from zero a number may be, how many there may be in one tensor, the side of a
 * kernel or a pooling window, and stride, padding and dilation in pixels.
 *
 * @typedef {{number: number, numbers: number, side: number, stride: number, padding: number, dilation: number}} Bounds
 */

/** @type {Bounds} */
export const UNBOUNDED = {
  number: Infinity,
  numbers: Infinity,
  side: Infinity,
  stride: Infinity,
  padding: Infinity,
  dilation: Infinity,
};

/** Each weight of a kernel is a field on the screen. */
const LARGEST_KERNEL = 7;

/**
 * The least and the most of each field: whole numbers, but for `number`, which bounds weights, inputs, divisor and bias.
 *
 * @param {Bounds} bounds
 * @returns {Record<"stride" | "dilation" | "padding" | "pool" | "poolStride" | "kernel" | "number", [number, number]>}
 */
export function rangesOf({ number, side, stride, padding, dilation }) {
  return {
    stride: [1, stride],
    dilation: [1, dilation],
    padding: [0, padding],
    pool: [1, side],
    poolStride: [1, stride],
    kernel: [1, Math.min(side, LARGEST_KERNEL)],
    number: [-number, number],
  };
}

/**
 * What of some values is out of bounds, whatever the input's size: the same for what is typed and for what an address says.
 *
 * @param {Partial<Setting & {matrix: number[][] | null}>} values
 * @param {Bounds} bounds
 * @returns {Problem | null}
 */
export function checkValues({ matrix, kernels, divisor, bias, ...whole }, bounds) {
  const ranges = rangesOf(bounds);
  const sides = kernels ? [kernels[0][0].length, kernels[0][0][0].length] : [];
  const cells = matrix?.flat() ?? [];
  const fields = /** @type {const} */ (["stride", "dilation", "padding", "pool", "poolStride"]);
  const checked = [
    ...fields.map((field) => outside(field, [whole[field] ?? ranges[field][0]], ranges[field], true)),
    outside("kernel", sides, ranges.kernel, true),
    outside("weight", kernels?.flat(3) ?? [], ranges.number),
    outside("bias", [bias ?? 0], ranges.number),
    outside("divisor", [divisor ?? 1], ranges.number),
    outside("matrix", cells, ranges.number),
  ];
  if (divisor === 0) return { field: "divisor", code: "divisor_zero", values: {} };
  // What is divided by almost nothing grows as much as what is multiplied by a large weight.
  if (Math.abs(1 / (divisor ?? 1)) > bounds.number)
    return { field: "divisor", code: "divisor_small", values: { value: divisor ?? 1, least: 1 / bounds.number } };
  if (cells.length > bounds.numbers)
    return { field: "matrix", code: "too_many", values: { found: cells.length, most: bounds.numbers } };
  return checked.find((problem) => problem !== null) ?? null;
}

/** @param {string} field @param {unknown[]} values @param {[number, number]} range @param {boolean} [whole] @returns {Problem | null} */
function outside(field, values, [min, max], whole = false) {
  const wrong = values
    .filter((value) => value !== "same")
    .map(Number)
    .find((value) => !(value >= min && value <= max) || (whole && !Number.isInteger(value)));
  return wrong === undefined ? null : { field, code: "out_of_reach", values: { value: wrong, min, max } };
}

/**
 * @param {Setting & {matrix?: number[][] | null}} setting
 * @param {number} height of the input
 * @param {number} width
 * @param {Bounds} [bounds]
 * @returns {Problem | null} null where it can be computed
 */
export function checkSetting(setting, height, width, bounds = UNBOUNDED) {
  const problem = checkValues(setting, bounds);
  if (problem) return problem;
  if (setting.operation === "flatten") return null;
  return setting.operation === "convolution" ? convolution(setting, height, width) : pooling(setting, height, width);
}

/**
 * @param {Setting} setting
 * @param {number} height
 * @param {number} width
 * @returns {Problem | null}
 */
function convolution({ kernels, padding, mode, stride, dilation }, height, width) {
  const size = /** @type {[number, number]} */ ([kernels[0][0].length, kernels[0][0][0].length]);
  const shortest = Math.min(height, width);
  if (padding === "same" && stride !== 1) return { field: "padding", code: "same_with_stride", values: { stride } };
  const border = paddingOf(padding, size, dilation);
  const widest = Math.max(border.bottom, border.right);
  if (mode === "reflect" && widest >= shortest)
    return { field: "padding", code: "reflect_too_wide", values: { padding: widest, most: shortest - 1 } };
  if (mode === "circular" && widest > shortest)
    return { field: "padding", code: "circular_too_wide", values: { padding: widest, most: shortest } };
  const sides = [
    { window: dilation * (size[0] - 1) + 1, room: height + border.top + border.bottom },
    { window: dilation * (size[1] - 1) + 1, room: width + border.left + border.right },
  ];
  const tight = sides.find(({ window, room }) => window > room);
  return tight ? { field: "window", code: "window_too_large", values: tight } : null;
}

/**
 * @param {Setting} setting
 * @param {number} height
 * @param {number} width
 * @returns {Problem | null}
 */
function pooling({ pool: side }, height, width) {
  const room = Math.min(height, width);
  return side > room ? { field: "pool", code: "window_too_large", values: { window: side, room } } : null;
}
