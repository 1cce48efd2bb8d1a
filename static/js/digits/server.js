import { calm } from "../frame/calm.js";
import { tellWindow } from "../frame/events.js";
import { fetchJson, fetchTensors } from "../shared/server/api.js";
import { t } from "../frame/i18n.js";
import { askLive } from "../shared/server/live_channel.js";
import { forward, judged } from "./forward.js";

/**
 * @typedef {import("./forward.js").Layer} Layer
 * @typedef {import("./forward.js").Weights} Weights
 * @typedef {import("./forward.js").Activations} Activations
 */

const NETWORK = "/api/networks/digit_cnn";
const learning = (/** @type {string} */ run) => `/api/learning/runs/${encodeURIComponent(run)}`;
const BYTES = { method: "POST", headers: { "Content-Type": "application/octet-stream" } };

/**
 * The digit network: its layers in order and the weights of those that have some, and its judge's.
 *
 * @param {string} [run] a run of the learning page, whose weights are taken instead; the judge knows nothing of those
 * @returns {Promise<{layers: Layer[], weights: Weights, judge: Weights | null}>}
 */
export async function fetchDigitNetwork(run) {
  const [network, judge] = await Promise.all([fetchWeights(run), run ? null : fetchJudge()]);
  return { ...network, judge };
}

/** @param {string} [run] @returns {Promise<{layers: Layer[], weights: Weights}>} */
async function fetchWeights(run) {
  const learnt = run && `${learning(run)}/weights`;
  const [{ layers }, kernels] = await Promise.all([
    /** @type {Promise<{layers: Layer[]}>} */ (fetchJson(NETWORK)),
    fetchTensors(learnt || `${NETWORK}/kernels?half=true`),
  ]);
  if (kernels.facts.relu === false)
    throw new Error(t("The network of this run has no ReLU: its numbers cannot be shown on this page."));
  return { layers, weights: byLayer(kernels.tensors) };
}

/** @returns {Promise<Weights>} */
const fetchJudge = async () => byLayer((await fetchTensors("/api/digits/judge?half=true")).tensors);

/** @param {Record<string, import("../shared/safetensors.js").Tensor>} tensors by layer and kind @returns {Weights} */
function byLayer(tensors) {
  const names = new Set(Object.keys(tensors).map((name) => name.split(".")[0]));
  return Object.fromEntries(
    [...names].map((name) => [name, { weight: tensors[`${name}.weight`], bias: tensors[`${name}.bias`] }]),
  );
}

/**
 * What the server's network says to a drawing, layer by layer.
 *
 * @param {Float32Array<ArrayBuffer>} values 112 x 112 of a pad, 0..1
 * @param {boolean} centre
 * @returns {Promise<Activations>} without the batch
 */
export async function readDrawing(values, centre) {
  const tensors = await askDigit({ center: centre }, values);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape: shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape, data },
    ]),
  );
}

/**
 * A drawing, centred as MNIST's digits are.
 *
 * @param {Float32Array<ArrayBuffer>} values 112 x 112 of a pad, 0..1
 * @param {string} stream a newer ask of the same one overtakes this one
 * @returns {Promise<Float32Array<ArrayBuffer>>} 28 x 28 values, 0..1
 */
export async function centreDrawing(values, stream) {
  const { centred } = await askDigit({ center: true, stream, layers: false }, values);
  return Float32Array.from(centred.data);
}

/** @param {{center: boolean, stream?: string, layers?: boolean}} facts @param {Float32Array<ArrayBuffer>} values 112 x 112 */
async function askDigit(facts, values) {
  const overHttp = () => fetchTensors(`/api/digits/values?center=${facts.center}`, { ...BYTES, body: values });
  const side = Math.sqrt(values.length);
  const { tensors } = await askLive(
    { ask: "digit", ...facts },
    { values: { shape: [side, side], data: values } },
    overHttp,
  );
  return tensors;
}

/**
 * A photograph of a digit on paper, step by step to what the network is given.
 *
 * @param {Blob} file
 * @returns {Promise<Record<string, import("../shared/safetensors.js").Tensor>>} grey, ink, crop and centred, (H, W) in 0..1
 */
export async function readPaper(file) {
  const body = new FormData();
  body.append("file", file);
  return (await fetchTensors("/api/digits?steps=true", { method: "POST", body })).tensors;
}

/**
 * The test digits that the network gets wrong; without them, the command that gets them.
 *
 * @param {string} [run] a run of the learning page, whose network is asked; the surest of its mistakes are told
 */
export const fetchMistakes = (run) => fetchTensors(run ? `${learning(run)}/mistakes` : "/api/digits/mistakes");

/**
 * What the latent space of two numbers makes of a code.
 *
 * @param {number[]} z
 * @returns {Promise<ArrayLike<number>>} 28 x 28 values, 0..1
 */
export async function decodeDigit(z) {
  return (await fetchTensors("/api/latent/vae_2d/decode", { json: { z: [z] } })).tensors.images.data;
}

/**
 * A picture that becomes another digit for the network, step by step.
 *
 * @param {Float32Array<ArrayBuffer>} picture 28 x 28 values, 0..1
 * @param {number} target the digit
 * @param {number} steps
 * @param {number} most grey levels, of 255, by which a step changes a pixel at most
 * @param {string} [run] a run of the learning page, whose network is asked; the judge knows nothing of it
 * @returns {Promise<{pictures: Float32Array, probabilities: Float32Array, judged: Float32Array | null}>} of `steps` + 1
 *   pictures, the given one first
 */
export async function fetchAscent(picture, target, steps, most, run) {
  const { tensors } = await (run
    ? fetchTensors(`${learning(run)}/ascent`, { json: { picture: Array.from(picture), target, steps, most } })
    : fetchTensors(`/api/digits/ascent?target=${target}&steps=${steps}&most=${most}`, { ...BYTES, body: picture }));
  const [pictures, probabilities, likeness] = ["pictures", "probabilities", "judged"].map(
    (name) => /** @type {Float32Array | undefined} */ (tensors[name]?.data),
  );
  return {
    pictures: /** @type {Float32Array} */ (pictures),
    probabilities: /** @type {Float32Array} */ (probabilities),
    judged: likeness ?? null,
  };
}

/** @typedef {import("../shared/sureness.js").Reading} Reading */
/** @typedef {(picture: ArrayLike<number>) => Reading} DigitReader of 28 x 28 values, 0..1 */
/** @typedef {(picture: ArrayLike<number>) => Reading & {shapes: number[][]}} DigitNetwork the shapes on the way too, where they change */

/** @type {Promise<DigitNetwork> | undefined} */
let network;
/** @type {Promise<Weights> | undefined} */
let judging;
/** @type {Weights | null} */
let judge = null;

/**
 * The digit network, here in the browser. Its judge comes once the page waits for nothing else, and `decoded` is said on the
 * window then.
 *
 * @returns {Promise<DigitNetwork>}
 */
export function digitNetwork() {
  network ??= load();
  network.catch(() => (network = undefined));
  return network;
}

/** The digit network with its judge, for whoever shows what the judge says. @returns {Promise<DigitNetwork>} */
export async function judgingNetwork() {
  const [read] = await Promise.all([digitNetwork(), bringJudge()]);
  return read;
}

/** @returns {Promise<Weights>} */
function bringJudge() {
  judging ??= fetchJudge().then((came) => (judge = came));
  judging.catch(() => (judging = undefined));
  return judging;
}

/** @returns {Promise<DigitNetwork>} */
async function load() {
  const { layers, weights } = await fetchWeights();
  calm()
    .then(bringJudge)
    .then(() => tellWindow("decoded", undefined))
    .catch(() => {}); // nobody judges
  return (picture) => {
    const input = { shape: [1, 28, 28], data: Float32Array.from(picture) };
    const activations = forward(layers, weights, input);
    const shapes = [input, ...layers.map(({ name }) => activations[name])].map(({ shape }) => shape);
    return {
      shapes: shapes.filter((shape, i) => i === 0 || shape.join() !== shapes[i - 1].join()),
      probabilities: /** @type {Float32Array} */ (activations.softmax.data),
      judged: judge && judged(judge, activations.flatten),
    };
  };
}
