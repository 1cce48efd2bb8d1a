import { digitNetwork } from "../lib/digit_network.js";
import { fetchTensors } from "./api.js";

const LAYERS = ["conv1", "conv2", "dense1", "dense2"];

/** @type {Promise<(picture: ArrayLike<number>) => Float32Array> | undefined} */
let reader;

/**
 * The digit network, here in the browser: a picture of 28 x 28 values to ten probabilities.
 *
 * @returns {Promise<(picture: ArrayLike<number>) => Float32Array>}
 */
export function digitReader() {
  reader ??= load();
  reader.catch(() => (reader = undefined));
  return reader;
}

async function load() {
  const files = await Promise.all(LAYERS.map((layer) => fetchTensors(`/api/networks/digit_cnn/kernels/${layer}`)));
  const named = files.flatMap(({ tensors }, i) => Object.entries(tensors).map(([name, tensor]) => [`${LAYERS[i]}.${name}`, tensor]));
  return digitNetwork(Object.fromEntries(named));
}
