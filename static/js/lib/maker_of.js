const CHANGING = new Set([
  "relu",
  "batch_norm",
  "max_pool2d",
  "avg_pool2d",
  "adaptive_avg_pool2d",
  "identity",
  "dropout",
]);

/**
 * The layer that made the maps which another only changes value by value or place by place.
 *
 * @template {{name: string, operation: string, inputs: string[]}} L
 * @param {L[]} layers
 * @param {string} [from]
 * @returns {L | undefined}
 */
export function makerOf(layers, from) {
  let layer = layers.find(({ name }) => name === from);
  while (layer && CHANGING.has(layer.operation) && layer.inputs.length === 1) {
    const [before] = layer.inputs;
    layer = layers.find(({ name }) => name === before);
  }
  return layer;
}
