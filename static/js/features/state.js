import { accepting, listOf, numberFrom, oneOf, wholeFrom } from "../frame/accepted.js";

/** @typedef {"grad_cam" | "saliency" | "integrated_gradients" | "occlusion"} Method */
/** @typedef {"black" | "white" | "mean" | "blur"} Baseline */

/**
 * Everything that the features page's visitor has chosen.
 *
 * @typedef {object} FeaturesState
 * @property {string} network
 * @property {string} image
 * @property {string} layer "" for the first one that is worth a look
 * @property {number[] | null} unit the layer's strongest if null
 * @property {number[] | null} crop first row, first column and side; null for the middle
 * @property {number[] | null} normalisation mean of each channel, then standard deviation of each; null for the network's own
 * @property {"layer" | "map" | "network"} range
 * @property {import("./maps.js").ChannelOrder} sort
 * @property {string[]} muted channels that are off, see readMuted
 * @property {import("../frame/edit_codec.js").Edit[]} edits other changes of the network
 * @property {Method} method
 * @property {number | null} target index of the class that is asked about; null for the most likely
 * @property {import("./aim.js").Aim} about what is asked why of
 * @property {number} around side of the square that is asked about
 * @property {string} camlayer of Grad-CAM; "" for the last with maps
 * @property {Baseline} baseline
 * @property {number | null} window side of occlusion's square; null for a seventh of the picture
 * @property {boolean} random whether the answer of random weights stands beside
 * @property {string} second a picture to compare with; "" for one that comes along
 */

/** @type {FeaturesState} */
export const FIRST = {
  network: "efficientnet_lite0",
  image: "sample-cat",
  layer: "",
  unit: null,
  crop: null,
  normalisation: null,
  range: "layer",
  sort: "number",
  muted: [],
  edits: [],
  method: "grad_cam",
  target: null,
  about: "",
  around: 3,
  camlayer: "",
  baseline: "black",
  window: null,
  random: false,
  second: "",
};

/** What belongs to one network, and goes with it. @type {Partial<FeaturesState>} */
export const OF_A_NETWORK = {
  layer: "",
  unit: null,
  normalisation: null,
  muted: [],
  edits: [],
  target: null,
  about: "",
  around: 3,
  camlayer: "",
  window: null,
};

/** @type {Partial<Record<keyof FeaturesState, import("../frame/accepted.js").Accepts>>} */
const ACCEPTS = {
  network: Boolean,
  image: Boolean,
  unit: listOf(wholeFrom(0)),
  crop: listOf(numberFrom(-1e6, 1e6), 3),
  range: oneOf(["layer", "map", "network"]),
  sort: oneOf(["number", "strength", "sparsity", "effect"]),
  method: oneOf(["grad_cam", "saliency", "integrated_gradients", "occlusion"]),
  about: oneOf(["", "map", "square", "unit"]),
  around: accepting((side) => Number.isSafeInteger(side) && side > 1 && side % 2 === 1, "odd", { least: 3 }),
  muted: accepting((names) => names.every((/** @type {string} */ name) => /^[^~]+~\d+$/.test(name)), "own"),
  normalisation: accepting(isNormalisation, "mean_and_std"),
  target: wholeFrom(0),
  window: wholeFrom(1),
  baseline: oneOf(["black", "white", "mean", "blur"]),
};

/** As many means as standard deviations above 0. @param {number[]} values */
function isNormalisation(values) {
  return values.length > 0 && values.length % 2 === 0 && values.slice(values.length / 2).every((std) => std > 0);
}

/** In the address the class that is asked about is called so. @param {keyof FeaturesState} name */
const inUrl = (name) => (name === "target" ? "class" : name);
const NAMES = /** @type {(keyof FeaturesState)[]} */ (Object.keys(FIRST));

/**
 * The state that an address says; what it leaves out, or what makes no sense, is as on a first visit.
 *
 * @param {Record<string, any>} url
 * @returns {FeaturesState}
 */
export function featuresStateFromUrl(url) {
  const known = NAMES.filter((name) => {
    const value = url[inUrl(name)];
    return value !== undefined && (ACCEPTS[name]?.(value) ?? true);
  });
  return { ...FIRST, ...Object.fromEntries(known.map((name) => [name, url[inUrl(name)]])) };
}

/** What of an address is taken, by its names there. */
export const FEATURES_ACCEPTS = Object.fromEntries(NAMES.map((name) => [inUrl(name), ACCEPTS[name] ?? (() => true)]));

/**
 * What differs from a first visit; undefined for the rest.
 *
 * @param {FeaturesState} state
 * @returns {Record<string, any>}
 */
export function featuresStateToUrl(state) {
  const pairs = NAMES.map((name) => [
    inUrl(name),
    String(state[name] ?? "") === String(FIRST[name] ?? "") ? undefined : state[name],
  ]);
  return Object.fromEntries(pairs);
}

/** What decides what the network is given and how it runs: the same words for the same. @param {FeaturesState} state */
export const viewOf = ({ network, image, crop, normalisation, muted, edits }) =>
  JSON.stringify([network, image, crop, normalisation, muted, edits]);
