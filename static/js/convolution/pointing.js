import { windowBox, windowTerms } from "./window.js";

/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./lente-kernel.js").Weight} Weight
 * @typedef {import("./stage.js").ConvolutionStage} Stage
 */

/** Place of the unit among its channel's values. @param {Stage} stage @param {Run} run */
export function indexOf(stage, { output }) {
  return stage.state.unit[1] * output.shape[2] + stage.state.unit[2];
}

/** @param {Stage} stage @param {Run} run */
export function valueAt(stage, run) {
  const { output } = run;
  return output.data[stage.state.unit[0] * output.shape[1] * output.shape[2] + indexOf(stage, run)];
}

/** @param {Stage} stage @param {Run} run */
export function boxOf(stage, { window, input }) {
  const [, row, column] = stage.state.unit;
  if (stage.state.operation !== "flatten") return windowBox(window, { row, column });
  const width = input.shape[2];
  const at = column % (input.shape[1] * width);
  return { top: Math.floor(at / width), left: at % width, bottom: Math.floor(at / width) + 1, right: (at % width) + 1 };
}

/** Which input cells the window really reads, or the one that is pointed at. @param {Stage} stage @param {Run} run */
export function touchOf(stage, run) {
  const { window } = run;
  const { operation } = stage.state;
  const box = boxOf(stage, run);
  if (operation === "flatten")
    return (/** @type {number} */ row, /** @type {number} */ column) => row === box.top && column === box.left;
  const at =
    stage.weight && operation === "convolution"
      ? turnedWeight(stage, stage.weight)
      : operation === "max"
        ? winnerOf(stage, run)
        : null;
  return (/** @type {number} */ row, /** @type {number} */ column) => {
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

/** A weight of the editor as it lies on the input, or the other way round. @param {Stage} stage @param {Weight} weight @returns {Weight} */
export function turnedWeight(stage, { slice, row, column }) {
  if (!stage.state.flip) return { slice, row, column };
  const [height, width] = [stage.state.kernels[0][0].length, stage.state.kernels[0][0][0].length];
  return { slice, row: height - 1 - row, column: width - 1 - column };
}

/** @param {Stage} stage @param {Run} run */
export function windowValues(stage, { padded, window }) {
  const [channel, row, column] = stage.state.unit;
  const ones = [Array.from({ length: window.height }, () => Array(window.width).fill(1))];
  return windowTerms(padded, ones, { row, column, channel }, window).parts[0].terms.map((terms) =>
    terms.map(({ value }) => value),
  );
}

/** The place of the largest value in the window. @param {Stage} stage @param {Run} run */
function winnerOf(stage, run) {
  const values = windowValues(stage, run).flat();
  const at = values.indexOf(Math.max(...values));
  return { slice: 0, row: Math.floor(at / run.window.width), column: at % run.window.width };
}
