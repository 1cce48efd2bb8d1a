import { fetchJson, fetchTensors } from "../shared/server/api.js";
import { askLive } from "../shared/server/live_channel.js";
import { forward } from "./forward.js";

/**
 * @typedef {import("./forward.js").Layer} Layer
 * @typedef {import("./forward.js").Weights} Weights
 * @typedef {import("./forward.js").Activations} Activations
 */

const NETWORK = "/api/networks/digit_cnn";

/**
 * The digit network: its layers in order and the weights of those that have some.
 *
 * @returns {Promise<{layers: Layer[], weights: Weights}>}
 */
export async function fetchDigitNetwork() {
  const { layers } = /** @type {{layers: Layer[]}} */ (await fetchJson(NETWORK));
  const weighted = layers.filter((layer) => layer.parameters > 0);
  const files = await Promise.all(weighted.map(({ name }) => fetchTensors(`${NETWORK}/kernels/${name}`)));
  /** @type {Weights} */
  const weights = {};
  weighted.forEach(({ name }, i) => (weights[name] = { weight: files[i].tensors.weight, bias: files[i].tensors.bias }));
  return { layers, weights };
}

/**
 * What the server's network says to a drawing, layer by layer.
 *
 * @param {Float32Array<ArrayBuffer>} values 112 x 112 of a pad, 0..1
 * @param {boolean} centre
 * @returns {Promise<Activations>} without the batch
 */
export async function readDrawing(values, centre) {
  const headers = { "Content-Type": "application/octet-stream" };
  const overHttp = () => fetchTensors(`/api/digits/values?center=${centre}`, { method: "POST", body: values, headers });
  const side = Math.sqrt(values.length);
  const { tensors } = await askLive(
    { ask: "digit", center: centre },
    { values: { shape: [side, side], data: values } },
    overHttp,
  );
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape: shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape, data },
    ]),
  );
}

/** @typedef {(picture: ArrayLike<number>) => Float32Array} DigitReader 28 x 28 values, 0..1, to ten probabilities */

/** @type {Promise<DigitReader> | undefined} */
let reader;

/**
 * The digit network, here in the browser.
 *
 * @returns {Promise<DigitReader>}
 */
export function digitReader() {
  reader ??= load();
  reader.catch(() => (reader = undefined));
  return reader;
}

/** @returns {Promise<DigitReader>} */
async function load() {
  const { layers, weights } = await fetchDigitNetwork();
  return (picture) => {
    const input = { shape: [1, 28, 28], data: Float32Array.from(picture) };
    return /** @type {Float32Array} */ (forward(layers, weights, input).softmax.data);
  };
}
