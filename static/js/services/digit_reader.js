import { forward } from "../digits/forward.js";
import { fetchDigitNetwork } from "../digits/network.js";

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
