import { hideControls, readUrl, writeUrl } from "../frame/address.js";
import { BASELINES, METHODS } from "./why_words.js";
import "./lente-features.js";

/**
 * @typedef {import("./lente-features.js").LenteFeatures} LenteFeatures
 * @typedef {import("./lente-features.js").FeaturesState} FeaturesState
 */

hideControls();
const stage = /** @type {LenteFeatures} */ (document.querySelector("lente-features"));
const {
  network,
  image,
  layer,
  unit,
  crop,
  normalisation,
  range,
  sort,
  muted,
  edits,
  method,
  class: target,
  camlayer,
  baseline,
  window: side,
  random,
  second,
} = readUrl();
stage.state = {
  network: network ?? "photo_cnn",
  image: image ?? "sample-cat",
  layer: layer ?? "",
  unit: unit ?? null,
  crop: crop?.length === 3 ? crop : null,
  normalisation: normalisation ?? null,
  range: range === "map" || range === "network" ? range : "layer",
  sort: sort === "strength" || sort === "sparsity" || sort === "effect" ? sort : "number",
  muted: muted ?? [],
  edits: edits ?? [],
  method: METHODS.find(({ name }) => name === method)?.name ?? "grad_cam",
  target: target ?? null,
  camlayer: camlayer ?? "",
  baseline: baseline && baseline in BASELINES ? /** @type {import("./why_words.js").Baseline} */ (baseline) : "black",
  window: side ?? null,
  random: random ?? false,
  second: second ?? "",
};
stage.addEventListener("state", (event) => {
  const { target: index, ...state } = /** @type {CustomEvent<FeaturesState>} */ (event).detail;
  writeUrl({
    ...state,
    class: index ?? undefined,
    unit: state.unit ?? undefined,
    crop: state.crop ?? undefined,
    normalisation: state.normalisation ?? undefined,
    window: state.window ?? undefined,
    random: state.random || undefined,
    layer: state.layer || undefined,
    camlayer: state.camlayer || undefined,
    second: state.second || undefined,
    baseline: state.baseline === "black" ? undefined : state.baseline,
    muted: state.muted.length ? state.muted : undefined,
    edits: state.edits.length ? state.edits : undefined,
  });
});
