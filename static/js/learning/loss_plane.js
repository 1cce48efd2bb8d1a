/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./server.js").Weight} Weight
 */

const LEAST_REACH = 0.05;
const MOST_REACH = 100;

/** Ways from one weight to a second one. */
export const WAYS = ["largest", "beside", "kernel", "bias"];

/**
 * The weight that is moved together with another one of the same layer.
 *
 * @param {string} way one of WAYS: of all others the one with the largest gradient; the next in its row; the same place of
 *   the next kernel or unit; the bias of its kernel or unit
 * @param {string} layer
 * @param {number[]} index of the first weight
 * @param {Tensor} gradient of the layer's weights
 * @returns {Weight}
 */
export function secondWeight(way, layer, index, { shape, data }) {
  if (way === "bias") return { parameter: `${layer}.bias`, index: [index[0]] };
  const axis = way === "kernel" ? 0 : shape.length - 1;
  const next = index.map((at, i) => (i === axis ? (at + 1) % shape[i] : at));
  return { parameter: `${layer}.weight`, index: way === "largest" ? largest(index, shape, data) : next };
}

/** @param {number[]} but @param {number[]} shape @param {ArrayLike<number>} data */
function largest(but, shape, data) {
  const own = but.reduce((place, at, axis) => place * shape[axis] + at, 0);
  let best = own === 0 ? 1 : 0;
  for (let i = 0; i < data.length; i++) if (i !== own && Math.abs(data[i]) > Math.abs(data[best])) best = i;
  /** @type {number[]} */
  const index = [];
  for (let axis = shape.length - 1, rest = best; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

/**
 * How far a plane reaches to each side: so many steps of descent, of the weight that moves more.
 *
 * @param {number[]} gradients
 * @param {number} rate
 * @param {number} steps
 */
export const reachOf = (gradients, rate, steps) =>
  Math.min(Math.max(steps * rate * Math.max(...gradients.map(Math.abs)), LEAST_REACH), MOST_REACH);

/**
 * Turned upside down, for rows that grow upwards.
 *
 * @param {Tensor} tensor (H, W)
 * @returns {Tensor}
 */
export function upsideDown({ shape, data }) {
  const [rows, columns] = shape;
  const turned = Float32Array.from(
    data,
    (_, i) => data[(rows - 1 - Math.floor(i / columns)) * columns + (i % columns)],
  );
  return { shape, data: turned };
}
