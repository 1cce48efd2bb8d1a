import { tellWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { denseNetwork } from "./dense_network.js";
import { decodeCodes, fetchDecoder, fetchMap, fetchSpace } from "./server.js";

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
 * @property {number[]} widths numbers that the decoder is given, and of each of its layers; none where the browser lacks its weights
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
  const [facts, map, network] = await Promise.all([fetchSpace(name), fetchMap(name), decoderOf(name)]);
  const data = (/** @type {string} */ tensor) => /** @type {Float32Array} */ (map[tensor]?.data ?? null);
  return {
    ...facts,
    count: map.mu.shape[0],
    mu: data("mu"),
    logVariance: data("log_variance"),
    labels: data("labels"),
    widths: network?.widths ?? [],
    decode: network
      ? (z, label = 0) => network.run(facts.classes ? withClass(z, label, facts.classes) : z)
      : serverDecoder(name, facts.classes),
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
