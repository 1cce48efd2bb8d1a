import { readMuted } from "../lib/read_muted.js";
import { fetchJson, fetchTensors } from "./api.js";

/**
 * @typedef {object} View what is looked at
 * @property {string} network
 * @property {string} image
 * @property {string[]} muted channels that are off, see readMuted
 *
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} operation
 * @property {string[]} inputs
 * @property {number[]} shape
 * @property {string} layout
 * @property {number} parameters
 * @property {number} macs
 * @property {import("../lib/field_box.js").ReceptiveField | null} receptive_field
 * @property {string[]} kernels
 * @property {{kernel_size?: number[], stride?: number[], padding?: number[]}} options
 * @property {boolean} editable
 *
 * @typedef {{name: string, title: string, kind: string, here: boolean, input: number[], parameters: number, macs: number, classes: number, layers: Layer[]}} Network
 *
 * @typedef {{index: number, name: string, probability: number, original?: number, difference?: number}} ClassShare
 * @typedef {{classes: ClassShare[], unsure: boolean, confidence: number, entropy: number}} Prediction
 *
 * @typedef {object} Explanation
 * @property {string} operation
 * @property {string} combine
 * @property {number} value
 * @property {number | null} bias
 * @property {number | null} own
 * @property {Record<string, number>} details
 * @property {number} count
 * @property {import("../lib/add_terms.js").Term[]} terms
 *
 * @typedef {import("../lib/safetensors.js").SafetensorsFile} File
 */

/** @param {View} view @param {string} what @param {Record<string, string>} [more] */
export function address({ network, image, muted }, what, more = {}) {
  const query = new URLSearchParams(more);
  const surgery = readMuted(muted);
  if (surgery.length) query.set("surgery", JSON.stringify(surgery));
  return `/api/networks/${encodeURIComponent(network)}/${what}/${encodeURIComponent(image)}?${query}`;
}

/** The networks that classify pictures. @returns {Promise<Network[]>} */
export const fetchNetworks = async () => (await fetchJson("/api/networks")).networks;

/** A network with its layers. @param {string} name @returns {Promise<Network>} */
export const fetchNetwork = (name) => fetchJson(`/api/networks/${encodeURIComponent(name)}`);

/** @param {View} view @returns {Promise<[File, Prediction]>} what the network is given, and what it says to it */
export const fetchAnswer = (view) => Promise.all([fetchTensors(address(view, "input")), fetchJson(address(view, "prediction", { limit: "5" }))]);

/** @param {View} view @param {string} layer */
export const fetchLayer = (view, layer) => fetchTensors(address(view, "activations", { layer }));

/** @param {View} view @param {string} layer @param {number[]} unit @returns {Promise<[Explanation, Record<string, any> | null]>} its terms and its field; a pixel has no field but itself */
export function fetchUnit(view, layer, unit) {
  const place = { layer, unit: unit.join(",") };
  const field = layer === "input" ? null : fetchTensors(address(view, "field", place)).then(({ facts }) => facts);
  return Promise.all([fetchJson(address(view, "explanation", { ...place, order: "contribution" })), field]);
}

/** The largest value of any layer's scale. @param {View} view @returns {Promise<number>} */
export async function fetchWidestRange(view) {
  const { facts } = await fetchTensors(address(view, "thumbnails", { side: "1", most: "1" }));
  return Math.max(...Object.values(facts.layers).map(({ high }) => high));
}

/** @param {string} network @param {string} layer */
export const fetchKernels = (network, layer) => fetchTensors(`/api/networks/${encodeURIComponent(network)}/kernels/${encodeURIComponent(layer)}`);
