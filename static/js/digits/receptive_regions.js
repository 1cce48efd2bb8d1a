/**
 * @typedef {import("./forward.js").Layer} Layer
 * @typedef {[number, number][]} Region first and last (outside) of each dimension
 */

/**
 * What a unit depends on in every earlier layer and in the input: the smallest box that holds it.
 *
 * @param {Layer[]} layers
 * @param {number[]} inputShape
 * @param {string} name of the unit's layer
 * @param {number[]} unit
 * @returns {Record<string, Region>} by layer, from the one before back to "input"
 */
export function receptiveRegions(layers, inputShape, name, unit) {
  /** @type {Record<string, Region>} */
  const regions = {};
  /** @type {Region} */
  let region = unit.map((at) => [at, at + 1]);
  for (let at = layers.findIndex((layer) => layer.name === name); at >= 0; at--) {
    const before = at ? layers[at - 1] : { name: "input", shape: inputShape };
    region = back(layers[at], region, before.shape);
    regions[before.name] = region;
  }
  return regions;
}

/**
 * @param {Layer} layer
 * @param {Region} region of its output
 * @param {number[]} before shape of its input
 * @returns {Region} of its input
 */
function back({ operation, options }, region, before) {
  if (operation === "relu") return region;
  if (operation === "conv2d") return [[0, before[0]], ...window(options, region, before)];
  if (operation === "max_pool2d") return [region[0], ...window(options, region, before)];
  if (operation === "flatten") return unflatten(region[0], before);
  return before.map((size) => [0, size]);
}

/**
 * @param {Layer["options"]} options
 * @param {Region} region
 * @param {number[]} before
 * @returns {Region}
 */
function window({ kernel_size: size = [1, 1], stride = [1, 1], padding = [0, 0] }, region, before) {
  return [0, 1].map((axis) => {
    const [first, last] = region[axis + 1];
    const from = first * stride[axis] - padding[axis];
    const to = (last - 1) * stride[axis] - padding[axis] + size[axis];
    return [Math.max(from, 0), Math.min(to, before[axis + 1])];
  });
}

/**
 * @param {[number, number]} range
 * @param {number[]} before
 * @returns {Region}
 */
function unflatten([first, last], before) {
  if (last - first > 1) return before.map((size) => [0, size]);
  const [, height, width] = before;
  return [first / (height * width), (first / width) % height, first % width].map(Math.floor).map((at) => [at, at + 1]);
}
