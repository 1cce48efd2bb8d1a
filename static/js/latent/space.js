import { denseNetwork } from "./dense_network.js";
import { fetchJson, fetchTensors } from "../shared/server/api.js";
import { serverDecoder } from "../services/server_decoder.js";

/**
 * A latent space as the server describes it, with the test digits' codes and its decoder.
 *
 * @typedef {object} LatentSpace
 * @property {string} name
 * @property {"vae" | "autoencoder" | "pca"} kind
 * @property {number} z numbers in a code
 * @property {number | null} beta
 * @property {number} classes that it is given beside the code; 0 for most
 * @property {number} parameters
 * @property {Record<string, number>} figures the card's
 * @property {boolean} film
 * @property {number[]} mean of the codes, by number
 * @property {number[]} std
 * @property {number[]} low
 * @property {number[]} high
 * @property {number[][]} axes the two directions in which the codes spread most
 * @property {number[]} [kl] mean KL divergence in nats, by number (VAE)
 * @property {number[]} [sigma] mean standard deviation, by number (VAE)
 * @property {number} count codes
 * @property {Float32Array} mu (count, z)
 * @property {Float32Array | null} logVariance (count, z)
 * @property {Float32Array} labels (count,)
 * @property {(z: ArrayLike<number>, label?: number) => Float32Array<ArrayBuffer>} decode 784 values 0..1, here and now; see serverDecoder for where the browser cannot
 */

/** @type {Map<string, Promise<LatentSpace>>} */
const spaces = new Map();

/**
 * The space called `name`: asked for once, then decoded in the browser.
 *
 * @param {string} name
 * @returns {Promise<LatentSpace>}
 */
export function latentSpace(name) {
  const known = spaces.get(name) ?? load(name);
  spaces.set(name, known);
  known.catch(() => spaces.delete(name));
  return known;
}

/** @param {string} name @returns {Promise<LatentSpace>} */
async function load(name) {
  const path = `/api/latent/${encodeURIComponent(name)}`;
  const [facts, { tensors: map }, network] = await Promise.all([
    fetchJson(path),
    fetchTensors(`${path}/map`),
    decoderOf(path),
  ]);
  const data = (/** @type {string} */ tensor) => /** @type {Float32Array} */ (map[tensor]?.data ?? null);
  return {
    ...facts,
    count: map.mu.shape[0],
    mu: data("mu"),
    logVariance: data("log_variance"),
    labels: data("labels"),
    decode: network
      ? (z, label = 0) => network(facts.classes ? withClass(z, label, facts.classes) : z)
      : serverDecoder(name, facts.classes),
  };
}

/** The decoder for the browser; null where its weights do not come, and the server has to decode. @param {string} path */
async function decoderOf(path) {
  try {
    const { tensors, facts } = await fetchTensors(`${path}/decoder`);
    return denseNetwork(tensors, facts.layers);
  } catch {
    return null;
  }
}

/** @param {ArrayLike<number>} z @param {number} label @param {number} classes */
function withClass(z, label, classes) {
  return [...Array.from(z), ...Array.from({ length: classes }, (_, i) => Number(i === label))];
}
