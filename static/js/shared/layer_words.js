import { N_, t } from "../frame/i18n.js";

const NAMES = {
  conv2d: N_("convolution {size}"),
  relu: N_("ReLU"),
  relu6: N_("ReLU, at most 6"),
  pad: N_("zeros around"),
  max_pool2d: N_("max pooling {size}"),
  flatten: N_("flatten"),
  linear: N_("dense"),
  softmax: N_("softmax"),
  input: N_("the picture, normalised"),
  batch_norm: N_("batch normalisation"),
  layer_norm: N_("layer normalisation"),
  add: N_("addition"),
  concatenate: N_("concatenation"),
  cat: N_("concatenation"),
  mul: N_("product"),
  permute: N_("dimensions in another order"),
  avg_pool2d: N_("average pooling {size}"),
  adaptive_avg_pool2d: N_("mean of each map"),
  identity: N_("as it is"),
  dropout: N_("dropout (off)"),
};

/**
 * What a layer does, in the page's language: "convolution 5×5".
 *
 * @param {{operation: string, options?: {kernel_size?: number[]}}} layer
 * @returns {string}
 */
export function operationWords({ operation, options }) {
  const name = NAMES[/** @type {keyof typeof NAMES} */ (operation)] ?? operation;
  return t(name, { size: (options?.kernel_size ?? []).join("×") }).trim();
}

/**
 * A unit in words: "conv2, map 3, row 4, column 5"; maps, rows, columns and units are counted from 0 as in PyTorch.
 *
 * @param {string} layer
 * @param {number[]} unit
 * @returns {string}
 */
export function unitWords(layer, unit) {
  if (layer === "input") return t("input, row {row}, column {column}", { row: unit[1], column: unit[2] });
  if (unit.length === 1) return t("{layer}, unit {unit}", { layer, unit: unit[0] });
  return t("{layer}, map {map}, row {row}, column {column}", { layer, map: unit[0], row: unit[1], column: unit[2] });
}
