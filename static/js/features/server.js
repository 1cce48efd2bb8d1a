import { pictureOf } from "../shared/pictures/pictures.js";
import { ApiError, fetchBlob, fetchJson, fetchTensors } from "../shared/server/api.js";
import { fetchSteps } from "../shared/server/steps.js";
import { readMuted } from "./edits.js";
import { channelStack } from "./maps.js";

/** @typedef {import("../shared/safetensors.js").SafetensorsFile} File */

/**
 * @typedef {object} View what is looked at
 * @property {string} network
 * @property {string} image
 * @property {string[]} muted channels that are off, see readMuted
 * @property {number[] | null} [crop] first row, first column and side of what the network is given; null for the middle
 * @property {number[] | null} [normalisation] mean of each channel, then standard deviation of each; null for the network's own
 * @property {import("../frame/edit_codec.js").Edit[]} [edits] other changes, made before channels are switched off
 *
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} operation
 * @property {string[]} inputs
 * @property {number[]} shape
 * @property {string} layout
 * @property {number[] | null} [grid] of tokens that come from patches, see Lie
 * @property {number} parameters
 * @property {number} macs
 * @property {boolean} [macs_known] false where 0 stands for what is not known
 * @property {import("./maps.js").ReceptiveField | null} receptive_field
 * @property {string[]} kernels
 * @property {{kernel_size?: number[], stride?: number[], padding?: number[]}} options
 * @property {number} [seconds] that it took for the first picture
 * @property {boolean} editable
 * @property {boolean} [reachable] whether a map of it can be asked for by Grad-CAM, and its maps switched off one by one
 * @property {boolean} [explained] whether the arithmetic of its units can be written out
 * @property {string | null} [obstacle] the layer of which it is not known what it reads, so that this one's field is not known
 *
 * @typedef {{name: string, title: string, kind: string, here: boolean, input: number[], parameters: number, macs: number, classes: number, layers: Layer[],
 *   reliability: import("./reliability.js").Reliability | {}, figures: Record<string, number>, unsure: {figure?: string, least?: number},
 *   source: Record<string, string>, opened?: boolean, fields?: boolean, notes?: string[], answer?: string | null,
 *   fault?: Fault | null, totals?: Totals}} Network
 *
 * @typedef {{kind: string, message: string, module: string, module_type: string, operation: string, call: string, inputs: string[],
 *   advice: string | null, line: {file: string, number: number, text: string} | null}} Fault what ended a network's run, see the API
 *
 * @typedef {{parameters: number, frozen: number, macs: number, unknown: string[], parameter_bytes: number, activation_bytes: number}} Totals
 *
 * @typedef {{index: number, name: string, probability: number, logit: number, original?: number, difference?: number}} ClassShare
 * @typedef {{figure: "probability" | "score" | "entropy" | "distance", value: number, least: number | null, most: number | null,
 *   crossed: boolean}} Limit what is asked of an answer that is not unsure
 * @typedef {{name: string, probability: number, classes: number[]}} Thing what several classes are kinds of
 * @typedef {{classes: ClassShare[], unsure: boolean, strange: boolean, confidence: number, entropy: number, thing: Thing | null,
 *   limits: Limit[], shows: string, kind?: string}} Prediction
 *
 * @typedef {object} Explanation
 * @property {string} operation
 * @property {string} combine
 * @property {number} value
 * @property {number | null} bias
 * @property {number | null} own
 * @property {Record<string, number>} details
 * @property {number} count
 * @property {import("./terms.js").Term[]} terms
 *
 */

/** @param {View} view @param {string} what @param {Record<string, string>} [more] */
export function address({ network, image, muted, edits = [], crop = null, normalisation = null }, what, more = {}) {
  const query = new URLSearchParams(more);
  const surgery = [...edits, ...readMuted(muted)];
  if (crop) ["top", "left", "size"].forEach((name, i) => query.set(name, String(crop[i])));
  normalisation?.forEach((value, i) => query.append(i < normalisation.length / 2 ? "mean" : "std", String(value)));
  if (surgery.length) query.set("surgery", JSON.stringify(surgery));
  return `/api/networks/${encodeURIComponent(network)}/${what}/${encodeURIComponent(image)}?${query}`;
}

/** Where is asked what the class loses without each map of a layer. @param {View & {target: number | null}} view @param {string} layer */
export const effectsAddress = (view, layer) =>
  address(view, "ablation", { layer, ...(view.target === null ? {} : { class: String(view.target) }) });

/** What the class loses without each map of a layer. @param {View & {target: number | null}} view @param {string} layer @returns {Promise<ArrayLike<number>>} */
export const fetchEffects = async (view, layer) => (await fetchTensors(effectsAddress(view, layer))).tensors.logit.data;

/** Where a picture is made that moves a map most, or least. @param {View} view @param {string} layer @param {number} channel @param {number} seed @param {boolean} opposite */
export function visualisationAddress({ network, muted, edits = [] }, layer, channel, seed, opposite) {
  const query = new URLSearchParams({
    layer,
    channel: String(channel),
    seed: String(seed),
    opposite: String(opposite),
  });
  const surgery = [...edits, ...readMuted(muted)];
  if (surgery.length) query.set("surgery", JSON.stringify(surgery));
  return `/api/networks/${encodeURIComponent(network)}/visualisation?${query}`;
}

/** Where is asked which places in pictures move a map most. @param {View} view @param {string} layer @param {number} channel @param {string[]} others */
export const patchesAddress = (view, layer, channel, others) =>
  address(view, "patches", { layer, channel: String(channel) }) +
  others.map((id) => `&other=${encodeURIComponent(id)}`).join("");

/** Where is asked what turns an answer. @param {View} view @param {number | null} epsilon the smallest where null @param {string} other the second network */
export const nudgeAddress = (view, epsilon, other) =>
  address(view, "nudge", { other, ...(epsilon === null ? {} : { epsilon: String(epsilon) }) });

/** Where is asked whether an explanation is any good. @param {import("./state.js").FeaturesState} state */
export function faithfulnessAddress(state) {
  /** @type {Record<string, string>} */
  const query = { method: state.method };
  if (state.target !== null) query.class = String(state.target);
  if (state.method === "grad_cam" && state.camlayer) query.layer = state.camlayer;
  if (state.method === "integrated_gradients" || state.method === "occlusion") query.baseline = state.baseline;
  return address(state, "faithfulness", query);
}

/** The networks that classify pictures. @returns {Promise<Network[]>} */
export const fetchNetworks = async () => (await fetchJson("/api/networks")).networks;

/** A network with its layers. @param {string} name @returns {Promise<Network>} */
export const fetchNetwork = (name) => fetchJson(`/api/networks/${encodeURIComponent(name)}`);

/** Of every layer of a network its receptive field, and the layer that hides it. @param {string} name @param {(step: import("../shared/server/steps.js").Step) => void} onStep @param {AbortSignal} signal @returns {Promise<Record<string, Pick<Layer, "receptive_field" | "obstacle">>>} */
export const fetchFields = (name, onStep, signal) =>
  fetchSteps(`/api/networks/${encodeURIComponent(name)}/fields`, onStep, signal);

/** @param {View} view @param {number} classes how many it names @returns {Promise<[File, Prediction | null]>} what the network is given, and what it says to it */
export const fetchAnswer = (view, classes) =>
  Promise.all([
    fetchTensors(address(view, "input", { whole: "true" })).then(withInput),
    classes ? fetchJson(address(view, "prediction", { limit: "5" })) : null,
  ]);

/**
 * What a photo network is given comes as the bytes of its pixels, or of a picture file that has them: what it makes of them,
 * (byte / 255 - mean) / std, is made here.
 *
 * @param {File} file
 * @returns {Promise<File>} with `pixels` (C, S, S), 0..1, and `input` (1, C, S, S)
 */
async function withInput({ tensors, facts }) {
  const pixels = tensors.picture ? await pictureIn(tensors.picture) : fromBytes(tensors.pixels);
  const { shape, data } = pixels;
  const plane = data.length / shape[0];
  const normalised = pixels.data.map((value, i) => {
    const channel = Math.floor(i / plane);
    return (value - facts.mean[channel]) / facts.std[channel];
  });
  return { tensors: { pixels, input: tensors.input ?? { shape: [1, ...shape], data: normalised } }, facts };
}

/** @param {import("../shared/safetensors.js").Tensor} file */
const pictureIn = ({ data }) =>
  pictureOf(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (data)], { type: "image/webp" }));

/** @param {import("../shared/safetensors.js").Tensor} pixels */
const fromBytes = ({ shape, data }) => ({ shape, data: Float32Array.from(data, (byte) => byte / 255) });

/**
 * A layer's output.
 *
 * @param {View} view
 * @param {string} layer
 * @param {boolean} light whether most maps may come as bytes, see stackOf
 */
export const fetchLayer = (view, layer, light) =>
  fetchTensors(address(view, "activations", { layer, ...(light ? { light: "true" } : {}) }));

/**
 * The terms of a unit; where an operation is not known, the words that say so.
 *
 * @param {View} view
 * @param {string} layer
 * @param {number[]} unit
 * @returns {Promise<{explanation: Explanation | null, field: Record<string, any> | null, refusal: string}>} field is asked for apart
 */
export async function fetchUnit(view, layer, unit) {
  const query = { layer, unit: unit.join(","), order: "contribution" };
  try {
    return { explanation: await fetchJson(address(view, "explanation", query)), field: null, refusal: "" };
  } catch (error) {
    return { explanation: null, field: null, refusal: wordsOfUnknown(error) };
  }
}

/**
 * The field of a unit; null for a pixel, which has none but itself, and where an operation is not known.
 *
 * @param {View} view
 * @param {string} layer
 * @param {number[]} unit
 * @returns {Promise<Record<string, any> | null>}
 */
export async function fetchField(view, layer, unit) {
  if (layer === "input") return null;
  try {
    return (await fetchTensors(address(view, "field", { layer, unit: unit.join(","), mass: "false" }))).facts;
  } catch (error) {
    wordsOfUnknown(error);
    return null;
  }
}

/**
 * @typedef {object} Asked a map of a layer, and what the picture is said to be
 * @property {string} layer
 * @property {number} channel
 * @property {number | null} target index of a class; the most likely if null
 * @property {number[] | null} place row and column in the map; where most came back if null
 * @property {number[] | null} weight of the layer; the one with the largest gradient if null
 * @typedef {{value: number, total: number, count: number, terms: {layer: string | null, unit: number[], input: number, weight: number, product: number}[]}} Sum
 * @typedef {object} Blame
 * @property {import("../shared/safetensors.js").Tensor} cameBack (H, W) to the map
 * @property {import("../shared/safetensors.js").Tensor | null} kernel (h, w), gradients
 * @property {number} class
 * @property {number} probability
 * @property {number} loss
 * @property {number[]} unit
 * @property {Sum} sum of what came back to the unit
 * @property {number[]} [shape] of the layer's weights
 * @property {number[]} [index]
 * @property {Sum} [weight] its gradient
 */

/**
 * What comes back from the loss to a map, and to a weight that made it.
 *
 * @param {View} view @param {Asked} asked
 * @returns {Promise<Blame>}
 */
export async function fetchBlame(view, { layer, channel, target, place, weight }) {
  /** @type {Record<string, string>} */
  const query = { layer, channel: String(channel) };
  if (target !== null) query.class = String(target);
  if (place) query.place = place.join(",");
  if (weight) query.weight = weight.join(",");
  const { tensors, facts } = await fetchTensors(address(view, "blame", query));
  return /** @type {Blame} */ ({ ...facts, cameBack: tensors.came_back, kernel: tensors.kernel ?? null });
}

/** Why an operation cannot be written out; any other error is thrown again. @param {unknown} error */
function wordsOfUnknown(error) {
  if (!(error instanceof ApiError) || error.code !== "unexplained") throw error;
  return error.message;
}

/**
 * The first maps of a layer as bytes have them: in 255 steps of the layer's scale.
 *
 * @param {View} view
 * @param {string} layer
 * @param {number} most
 * @param {number} side of a map at most, in pixels
 * @returns {Promise<import("../shared/safetensors.js").Tensor>} (C, H, W)
 */
export async function fetchSmallMaps(view, layer, most, side) {
  const more = { layer, most: String(most), side: String(side) };
  const { tensors, facts } = await fetchTensors(address(view, "thumbnails", more));
  const { low, high } = facts.layers[layer];
  const { shape, data } = tensors[layer];
  return { shape, data: Float32Array.from(data, (byte) => low + (byte * (high - low)) / 254) };
}

/** The largest value of any layer's scale. @param {View} view @returns {Promise<number>} */
export async function fetchWidestRange(view) {
  const { facts } = await fetchTensors(address(view, "thumbnails", { side: "1", most: "1" }));
  return Math.max(...Object.values(facts.layers).map(({ high }) => high));
}

/** @param {string} network @param {string} layer */
export const fetchKernels = (network, layer) =>
  fetchTensors(`/api/networks/${encodeURIComponent(network)}/kernels/${encodeURIComponent(layer)}`);

/** Every class with its probability. @param {View} view @returns {Promise<Prediction>} */
export const fetchClasses = (view) => fetchJson(address(view, "prediction", { limit: "1000" }));

/**
 * One map of a layer.
 *
 * @param {View} view
 * @param {string} layer
 * @param {number} channel
 * @returns {Promise<import("../shared/safetensors.js").Tensor>} (H, W)
 */
export async function fetchMap(view, layer, channel) {
  const { tensors, facts } = await fetchTensors(address(view, "activations", { layer, channel: String(channel) }));
  const { rows, columns, data } = channelStack(tensors[layer], facts.layers[layer]);
  return { shape: [rows, columns], data };
}

/** Where a picture is, smaller than it is if asked for. @param {string} image @param {number} [size] longest side */
export const pictureAddress = (image, size) =>
  `/api/images/${encodeURIComponent(image)}${size === undefined ? "" : `?size=${size}`}`;

/** Where a layer is to be taken away. @param {View} view @param {string} layer @param {"npz" | "safetensors"} format */
export const exportAddress = (view, layer, format) => address(view, "export", { layer, format });

/** What the lines of a layer begin with. @param {View} view @param {string | null} layer null for the picture itself @returns {Promise<Blob>} */
export const fetchFirst = (view, layer) =>
  layer === null
    ? fetchBlob(pictureAddress(view.image), "image/png")
    : fetchBlob(exportAddress(view, layer, "npz"), "application/x-npz");

/** Lines of PyTorch that compute a layer again. @param {string} path see manifestAddress @returns {Promise<string>} */
export const fetchLines = async (path) => (await fetchJson(path)).code.trimEnd();

/** @param {View} view @param {string} layer */
export const manifestAddress = (view, layer) => address(view, "manifest", { layer });

/** @typedef {{state: "absent" | "fetching" | "checking" | "present" | "failed", file: string, folder: string, bytes: number, total: number, error?: {message: string}}} WeightsState */

/**
 * How it stands with the weights of a network; after POST they are fetched, after DELETE no longer.
 *
 * @param {string} network
 * @param {"GET" | "POST" | "DELETE"} method
 * @returns {Promise<WeightsState>}
 */
export const askWeights = (network, method) =>
  fetchJson(`/api/networks/${encodeURIComponent(network)}/weights`, { method });

/** @typedef {{tensor: import("../shared/safetensors.js").Tensor, facts: Record<string, any>}} Attribution (H, W), and what belongs to it */

/**
 * How much each place speaks for a class. What takes many passes through the network tells how far it is.
 *
 * @param {string} path
 * @param {boolean} long
 * @param {(step: import("../shared/server/steps.js").Step) => void} onStep
 * @param {AbortSignal} signal
 * @returns {Promise<Attribution>}
 */
export async function fetchAttribution(path, long, onStep, signal) {
  if (!long) {
    const { tensors, facts } = await fetchTensors(path, { signal });
    return { tensor: tensors.attribution, facts };
  }
  const { attribution, ...facts } = await fetchSteps(path, onStep, signal);
  return {
    tensor: { shape: [attribution.length, attribution[0].length], data: Float32Array.from(attribution.flat()) },
    facts,
  };
}
