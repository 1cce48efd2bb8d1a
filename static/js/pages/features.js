import { hideControls } from "../services/hide.js";
import { readUrl, writeUrl } from "../services/url_state.js";
import "../elements/lente-features.js";

/**
 * @typedef {import("../elements/lente-features.js").LenteFeatures} LenteFeatures
 * @typedef {import("../elements/lente-features.js").FeaturesState} FeaturesState
 */

hideControls();
const stage = /** @type {LenteFeatures} */ (document.querySelector("lente-features"));
const { network, image, layer, unit, range, sort, muted, method } = readUrl();
stage.state = {
  network: network ?? "photo_cnn",
  image: image ?? "sample-cat",
  layer: layer ?? "",
  unit: unit ?? null,
  range: range === "map" || range === "network" ? range : "layer",
  sort: sort === "strength" || sort === "sparsity" ? sort : "number",
  muted: muted ?? [],
  method: method === "saliency" || method === "integrated_gradients" || method === "occlusion" ? method : "grad_cam",
};
stage.addEventListener("state", (event) => {
  const state = /** @type {CustomEvent<FeaturesState>} */ (event).detail;
  writeUrl({ ...state, layer: state.layer || undefined, unit: state.unit ?? undefined, muted: state.muted.length ? state.muted : undefined });
});
