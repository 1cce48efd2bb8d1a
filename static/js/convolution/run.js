import { checkSetting } from "../lib/check_setting.js";
import { pad } from "../lib/pad.js";
import { runStage } from "../lib/stage.js";
import { toGrey } from "../lib/to_grey.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./state.js").ConvolutionState} ConvolutionState
 * @typedef {import("../lib/stage.js").Stage & {input: Tensor, full: number}} Run `full` is the value of white
 */

/**
 * Runs a state again and again, and keeps what did not change: the picture in its scale, the padded picture. Where a
 * setting is impossible the last good run stays.
 */
export class StageRunner {
  constructor() {
    /** @type {Run | null} */ this.last = null;
    /** @type {import("../lib/check_setting.js").Problem | null} */ this.problem = null;
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
    this.problem = checkSetting(state, height, width);
    if (this.problem) return this.last;
    const stage = runStage(input, state, (border, mode) =>
      this.keep("padded", [input, mode, ...Object.values(border)], () => pad(input, border, mode)),
    );
    this.last = { ...stage, input, full: state.matrix ? whiteOf(input.data) : state.scale };
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
  return { shape, data: scale === 1 ? data : Float32Array.from(data, (value) => Math.round(value * scale)) };
}

/** @param {ArrayLike<number>} values */
const whiteOf = (values) => (Array.from(values).every((value) => Math.abs(value) <= 1) ? 1 : 255);
