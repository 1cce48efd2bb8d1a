import { fetchTensors } from "../shared/server/api.js";
import { fetchSteps } from "../shared/server/steps.js";

/** @typedef {{tensor: import("../shared/safetensors.js").Tensor, facts: Record<string, any>}} Attribution (H, W), and what belongs to it */

/**
 * How much each place speaks for a class. What takes many passes through the network tells how far it is.
 *
 * @param {string} path
 * @param {boolean} long
 * @param {(step: import("../shared/server/steps.js").Step) => void} onStep
 * @param {AbortSignal} signal
 * @returns {Promise<Attribution>}
 */
export async function fetchAttribution(path, long, onStep, signal) {
  if (!long) {
    const { tensors, facts } = await fetchTensors(path, { signal });
    return { tensor: tensors.attribution, facts };
  }
  const { attribution, ...facts } = await fetchSteps(path, onStep, signal);
  return {
    tensor: { shape: [attribution.length, attribution[0].length], data: Float32Array.from(attribution.flat()) },
    facts,
  };
}
