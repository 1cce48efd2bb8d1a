import { calm } from "../frame/calm.js";
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
 *
 * @typedef {object} Early
 * @property {(z: ArrayLike<number>, label?: number) => Promise<void>} known resolves once `decode` knows what becomes of a code
 */

/** @typedef {(name: string) => Promise<LatentDecoder>} ToDecoder */

const factsOf = once(fetchSpace);
const codesOf = once((name) => fetchMap(name));

/**
 * The space called `name`, asked for once, then decoded in the browser.
 *
 * @type {ToDecoder}
 */
export const latentDecoder = once(async (name) => {
  const [facts, network] = await Promise.all([factsOf(name), decoderOf(name)]);
  return {
    ...facts,
    widths: network?.widths ?? [],
    decode: network
      ? (z, label = 0) => network.run(facts.classes ? withClass(z, label, facts.classes) : z)
      : serverDecoder(name, facts.classes).decode,
  };
});

/**
 * The same for what is seen first: the server decodes until the page waits for nothing else and the weights have come.
 *
 * @type {(name: string) => Promise<LatentDecoder & Early>}
 */
export const earlyDecoder = once(async (name) => {
  const facts = await factsOf(name);
  const server = serverDecoder(name, facts.classes);
  let { decode } = server;
  const saving = /** @type {any} */ (navigator).connection?.saveData;
  if (!saving)
    calm()
      .then(() => latentDecoder(name))
      .then((here) => {
        ({ decode } = here);
        tellWindow("decoded", undefined);
      });
  return { ...facts, widths: [], decode: (z, label) => decode(z, label), known: server.known };
});

/**
 * The space called `name`, asked for once, with the test digits' codes.
 *
 * @type {(name: string) => Promise<LatentSpace>}
 */
export const latentSpace = once((name) => withCodes(latentDecoder(name), name));

/** The same with an early decoder. @type {(name: string) => Promise<LatentSpace & Early>} */
export const earlySpace = once((name) => withCodes(earlyDecoder(name), name));

/**
 * @template {LatentDecoder} D
 * @param {Promise<D>} decoder
 * @param {string} name
 * @returns {Promise<D & Codes>}
 */
async function withCodes(decoder, name) {
  const [known, { mu, log_variance, labels }] = await Promise.all([decoder, codesOf(name)]);
  return {
    ...known,
    count: mu.shape[0],
    mu: /** @type {Float32Array} */ (mu.data),
    logVariance: /** @type {Float32Array | null} */ (log_variance?.data ?? null),
    labels: Float32Array.from(labels.data),
  };
}

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
 * @returns {Early & Pick<LatentDecoder, "decode">} for a code not known yet `decode` gives the newest picture
 */
function serverDecoder(model, classes) {
  /** @type {Map<string, Float32Array<ArrayBuffer>>} */
  const known = new Map();
  /** @type {Map<string, {z: number[], label: number}>} */
  const wanted = new Map();
  let newest = new Float32Array(PIXELS);
  /** @type {Promise<void> | null} */
  let draining = null;

  async function drain() {
    await Promise.resolve(); // all codes of one drawing go together
    while (wanted.size) await ask([...wanted].slice(0, MOST_AT_ONCE));
    draining = null;
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

  /** @type {LatentDecoder["decode"]} */
  const decode = (z, label = 0) => {
    const key = `${label} ${Array.from(z).join(" ")}`;
    const picture = known.get(key);
    if (picture) return picture;
    wanted.set(key, { z: Array.from(z), label });
    draining ??= drain();
    return newest;
  };
  return {
    decode,
    known: async (z, label) => {
      decode(z, label);
      await draining;
    },
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
