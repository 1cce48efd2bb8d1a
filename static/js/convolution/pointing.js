import { windowBox, windowTerms } from "./window.js";

/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./state.js").ConvolutionState} State
 * @typedef {import("./model.js").Weight} Weight
 */

/** Place of the unit among its channel's values. @param {State} state @param {Run} run */
export function indexOf({ unit }, { output }) {
  return unit[1] * output.shape[2] + unit[2];
}

/** @param {State} state @param {Run} run */
export function valueAt(state, run) {
  const { output } = run;
  return output.data[state.unit[0] * output.shape[1] * output.shape[2] + indexOf(state, run)];
}

/** The part of the padded input that makes the value under the cursor. @param {State} state @param {Run} run */
export function boxOf({ unit: [, row, column], operation }, { window, input }) {
  if (operation !== "flatten") return windowBox(window, { row, column });
  const width = input.shape[2];
  const at = column % (input.shape[1] * width);
  return { top: Math.floor(at / width), left: at % width, bottom: Math.floor(at / width) + 1, right: (at % width) + 1 };
}

/**
 * Which input cells the window really reads, or the one that is pointed at.
 *
 * @param {State} state
 * @param {Run} run
 * @param {Weight | null} weight under the cursor
 * @returns {(row: number, column: number) => boolean}
 */
export function touchOf(state, run, weight) {
  const { window } = run;
  const { operation } = state;
  const box = boxOf(state, run);
  if (operation === "flatten") return (row, column) => row === box.top && column === box.left;
  const at =
    weight && operation === "convolution"
      ? turnedWeight(state, weight)
      : operation === "max"
        ? winnerOf(state, run)
        : null;
  return (row, column) => {
    const [u, v] = [(row - box.top) / window.dilation, (column - box.left) / window.dilation];
    if (at) return u === at.row && v === at.column;
    return (
      window.dilation > 1 &&
      Number.isInteger(u) &&
      Number.isInteger(v) &&
      u >= 0 &&
      v >= 0 &&
      u < window.height &&
      v < window.width
    );
  };
}

/** A weight of the editor as it lies on the input, or the other way round. @param {State} state @param {Weight} weight @returns {Weight} */
export function turnedWeight({ flip, kernels }, { slice, row, column }) {
  if (!flip) return { slice, row, column };
  const [height, width] = [kernels[0][0].length, kernels[0][0][0].length];
  return { slice, row: height - 1 - row, column: width - 1 - column };
}

/** @param {Pick<State, "unit">} state @param {Run} run */
export function windowValues({ unit: [channel, row, column] }, { padded, window }) {
  const ones = [Array.from({ length: window.height }, () => Array(window.width).fill(1))];
  return windowTerms(padded, ones, { row, column, channel }, window).parts[0].terms.map((terms) =>
    terms.map(({ value }) => value),
  );
}

/** The place of the largest value in the window. @param {State} state @param {Run} run */
function winnerOf(state, run) {
  const values = windowValues(state, run).flat();
  const at = values.indexOf(Math.max(...values));
  return { slice: 0, row: Math.floor(at / run.window.width), column: at % run.window.width };
}
