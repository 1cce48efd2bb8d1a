import { fetchTensors } from "../shared/server/api.js";

/**
 * Pictures of test digits by their numbers: MNIST's own where the server has it, else as an autoencoder rebuilds them.
 *
 * @param {number[]} numbers
 * @returns {Promise<{images: Float32Array, source: string}>} 784 values for each
 */
export async function testDigits(numbers) {
  const { tensors, facts } = await fetchTensors(`/api/latent/digits/${numbers.join(",")}`);
  return { images: /** @type {Float32Array} */ (tensors.images.data), source: facts.source };
}
