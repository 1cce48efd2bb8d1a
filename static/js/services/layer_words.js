import { N_, t } from "../frame/i18n.js";
import { operationWords } from "../shared/layer_words.js";

const NAMES = {
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
 * What a layer does, in the page's language.
 *
 * @param {{operation: string, options?: {kernel_size?: number[]}}} layer
 * @returns {string}
 */
export function layerWords(layer) {
  const name = NAMES[/** @type {keyof typeof NAMES} */ (layer.operation)];
  return name ? t(name, { size: (layer.options?.kernel_size ?? []).join("×") }).trim() : operationWords(layer);
}
