import { paddingOf } from "./padding_of.js";

/**
 * Why a setting is impossible: the field that is to blame, a code, and the numbers that explain it.
 *
 * @typedef {{field: string, code: string, values: Record<string, string | number>}} Problem
 */

/**
 * @param {import("./stage.js").Setting} setting
 * @param {number} height of the input
 * @param {number} width
 * @returns {Problem | null} null where it can be computed
 */
export function checkSetting(setting, height, width) {
  if (setting.operation === "flatten") return null;
  return setting.operation === "convolution" ? convolution(setting, height, width) : pooling(setting, height, width);
}

/**
 * @param {import("./stage.js").Setting} setting
 * @param {number} height
 * @param {number} width
 * @returns {Problem | null}
 */
function convolution({ kernels, padding, mode, stride, dilation, divisor }, height, width) {
  const size = /** @type {[number, number]} */ ([kernels[0][0].length, kernels[0][0][0].length]);
  const shortest = Math.min(height, width);
  if (divisor === 0) return { field: "divisor", code: "divisor_zero", values: {} };
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
 * @param {import("./stage.js").Setting} setting
 * @param {number} height
 * @param {number} width
 * @returns {Problem | null}
 */
function pooling({ pool }, height, width) {
  const room = Math.min(height, width);
  return pool > room ? { field: "pool", code: "window_too_large", values: { window: pool, room } } : null;
}
