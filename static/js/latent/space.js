import { tellWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { denseNetwork } from "./dense_network.js";
import { decodeCodes, fetchDecoder, fetchMap, fetchSpace } from "./server.js";

/**
 * A latent space as the server describes it, with its decoder.
 *
 * @typedef {object} LatentDecoder
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
 * @property {number[]} widths numbers that the decoder is given, and of each of its layers; none where the browser lacks its weights
 * @property {(z: ArrayLike<number>, label?: number) => Float32Array<ArrayBuffer>} decode 784 values 0..1, here and now; see serverDecoder for where the browser cannot
 *
 * @typedef {object} Codes of the test digits
 * @property {number} count
 * @property {Float32Array} mu (count, z)
 * @property {Float32Array | null} logVariance (count, z)
 * @property {Float32Array} labels (count,)
 *
 * @typedef {LatentDecoder & Codes} LatentSpace
 */

/**
 * The space called `name`, asked for once, with the test digits' codes.
 *
 * @type {(name: string) => Promise<LatentSpace>}
 */
export const latentSpace = once(async (name) => {
  const [decoder, { mu, log_variance, labels }] = await Promise.all([latentDecoder(name), fetchMap(name)]);
  return {
    ...decoder,
    count: mu.shape[0],
    mu: /** @type {Float32Array} */ (mu.data),
    logVariance: /** @type {Float32Array | null} */ (log_variance?.data ?? null),
    labels: Float32Array.from(labels.data),
  };
});

/**
 * The space called `name`, asked for once, then decoded in the browser.
 *
 * @type {(name: string) => Promise<LatentDecoder>}
 */
export const latentDecoder = once(async (name) => {
  const [facts, network] = await Promise.all([fetchSpace(name), decoderOf(name)]);
  return {
    ...facts,
    widths: network?.widths ?? [],
    decode: network
      ? (z, label = 0) => network.run(facts.classes ? withClass(z, label, facts.classes) : z)
      : serverDecoder(name, facts.classes),
  };
});

/**
 * @template T
 * @param {(name: string) => Promise<T>} load what failed is tried again when it is next asked for
 * @returns {(name: string) => Promise<T>}
 */
function once(load) {
  /** @type {Map<string, Promise<T>>} */
  const found = new Map();
  return (name) => {
    const known = found.get(name) ?? load(name);
    found.set(name, known);
    known.catch(() => found.delete(name));
    return known;
  };
}

/** The decoder for the browser; null where its weights do not come, and the server has to decode. @param {string} name */
async function decoderOf(name) {
  try {
    const { tensors, facts } = await fetchDecoder(name);
    /** @type {import("./dense_network.js").DenseLayer[]} */
    const layers = facts.layers;
    const inputs = tensors[`${layers[0].name}.weight`].shape[1];
    const widths = [inputs, ...layers.map((layer) => tensors[`${layer.name}.bias`].shape[0])];
    return { run: denseNetwork(tensors, layers), widths };
  } catch {
    return null;
  }
}

/** @param {ArrayLike<number>} z @param {number} label @param {number} classes */
function withClass(z, label, classes) {
  return [...Array.from(z), ...Array.from({ length: classes }, (_, i) => Number(i === label))];
}

const PIXELS = 784;
const MOST_AT_ONCE = 256;
const MOST_KEPT = 8192;

/**
 * A decoder for where the browser has no weights: it answers at once with what it knows, asks the server for the rest,
 * and says `decoded` on the window when more is known and the picture can be drawn again.
 *
 * @param {string} model
 * @param {number} classes that the network is given; 0 for most
 * @returns {(z: ArrayLike<number>, label?: number) => Float32Array<ArrayBuffer>} the newest picture for a code not known yet
 */
function serverDecoder(model, classes) {
  /** @type {Map<string, Float32Array<ArrayBuffer>>} */
  const known = new Map();
  /** @type {Map<string, {z: number[], label: number}>} */
  const wanted = new Map();
  let newest = new Float32Array(PIXELS);
  let busy = false;

  async function drain() {
    if (busy) return;
    busy = true;
    await Promise.resolve(); // all codes of one drawing go together
    while (wanted.size) await ask([...wanted].slice(0, MOST_AT_ONCE));
    busy = false;
  }

  /** @param {[string, {z: number[], label: number}][]} batch */
  async function ask(batch) {
    for (const [key] of batch) wanted.delete(key);
    const z = batch.map(([, code]) => code.z);
    const labels = classes ? { labels: batch.map(([, code]) => code.label) } : {};
    const images = await decodeCodes(model, z, labels).catch(() => null);
    if (!images) return;
    if (known.size > MOST_KEPT) known.clear();
    batch.forEach(([key], i) => known.set(key, (newest = images.slice(PIXELS * i, PIXELS * (i + 1)))));
    tellWindow("decoded", undefined);
  }

  return (z, label = 0) => {
    const key = `${label} ${Array.from(z).join(" ")}`;
    const picture = known.get(key);
    if (picture) return picture;
    wanted.set(key, { z: Array.from(z), label });
    drain();
    return newest;
  };
}

/** How a latent space is called on the page. @param {string} name */
export function modelTitle(name) {
  const [, family, numbers, beta] =
    /^(pca|autoencoder|vae|vae_conditional)(?:_(\d+)d)?(?:_beta_([\d.]+))?$/.exec(name) ?? [];
  if (family === "pca") return "PCA";
  if (family === "autoencoder")
    return numbers === "1" ? t("Autoencoder, 1 number") : t("Autoencoder, {numbers} numbers", { numbers });
  if (family === "vae_conditional") return t("VAE given the digit, {numbers} numbers", { numbers });
  if (beta) return t("VAE, {numbers} numbers, β = {beta}", { numbers, beta: Number(beta) });
  return family ? t("VAE, {numbers} numbers", { numbers }) : name;
}
