import { normals, uniforms } from "../shared/statistics.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {object} Task what one kernel is to learn
 * @property {Tensor} picture (1, H, W)
 * @property {Float64Array} target (H - 2) (W - 2) values that the hidden kernel made
 * @property {number[]} places of the target that may be looked at
 * @typedef {object} Look what a kernel makes of a task
 * @property {Float64Array} prediction
 * @property {Float64Array} errors prediction less target, everywhere
 * @property {number} loss mean of the squared errors over the places
 * @property {Float64Array} gradient of the loss by each weight
 */

export const SIDE = 3;
export const WEIGHTS = SIDE * SIDE;

/**
 * A grey picture less its mean, over its spread (standard deviation): numbers about zero, as networks are given them.
 *
 * @param {Tensor} picture (1, H, W)
 * @returns {Tensor} (1, H, W)
 */
export function standardised({ shape, data }) {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { shape, data: Float32Array.from(values, (value) => (value - mean) / Math.sqrt(variance || 1)) };
}

/** A picture of noise. @param {number} side @param {number} seed @returns {Tensor} (1, side, side) */
export function noisePicture(side, seed) {
  const normal = normals(seed);
  return { shape: [1, side, side], data: Float32Array.from({ length: side * side }, normal) };
}

/** Nine random weights. @param {number} seed @returns {Float64Array<ArrayBuffer>} */
export const randomKernel = (seed) => Float64Array.from({ length: WEIGHTS }, normals(seed));

/**
 * Some places, the same for the same seed, in order; more of them with the same seed are those and others.
 *
 * @param {number} count
 * @param {number} total
 * @param {number} seed
 * @returns {number[]}
 */
export function somePlaces(count, total, seed) {
  const uniform = uniforms(seed);
  const order = Array.from({ length: total }, (_, place) => ({ place, at: uniform() }));
  order.sort((a, b) => a.at - b.at);
  return order
    .slice(0, count)
    .map(({ place }) => place)
    .sort((a, b) => a - b);
}

/**
 * The nine pixels under the kernel, row by row, where it makes the value of a place.
 *
 * @param {Tensor} picture (1, H, W)
 * @param {number} place row-major, of (H - 2) x (W - 2)
 * @returns {number[]}
 */
export function pixelsUnder({ shape: [, , width], data }, place) {
  const columns = width - SIDE + 1;
  const from = Math.floor(place / columns) * width + (place % columns);
  return Array.from({ length: WEIGHTS }, (_, k) => data[from + Math.floor(k / SIDE) * width + (k % SIDE)]);
}

/**
 * The picture under the kernel, as networks apply it: no padding, the kernel not turned.
 *
 * @param {Tensor} picture (1, H, W)
 * @param {ArrayLike<number>} kernel 9 weights, row by row
 * @returns {Float64Array} (H - 2) (W - 2) values
 */
export function applied({ shape: [, height, width], data }, kernel) {
  const [rows, columns] = [height - SIDE + 1, width - SIDE + 1];
  const made = new Float64Array(rows * columns);
  for (let k = 0; k < WEIGHTS; k++) {
    const [weight, from] = [kernel[k], Math.floor(k / SIDE) * width + (k % SIDE)];
    for (let row = 0, at = 0; row < rows; row++)
      for (let i = from + row * width; i < from + row * width + columns; i++) made[at++] += weight * data[i];
  }
  return made;
}

/**
 * What a kernel makes of a task, how far that is off, and the gradient of each weight: the mean over the places of twice
 * the error times the pixel that lay under the weight.
 *
 * @param {Task} task
 * @param {ArrayLike<number>} kernel
 * @returns {Look}
 */
export function look({ picture, target, places }, kernel) {
  const prediction = applied(picture, kernel);
  const errors = prediction.map((value, i) => value - target[i]);
  const gradient = new Float64Array(WEIGHTS);
  const [, , width] = picture.shape;
  const columns = width - SIDE + 1;
  let loss = 0;
  for (const place of places) {
    const error = errors[place];
    const from = Math.floor(place / columns) * width + (place % columns);
    loss += error ** 2 / places.length;
    for (let k = 0; k < WEIGHTS; k++)
      gradient[k] += ((2 * error) / places.length) * picture.data[from + Math.floor(k / SIDE) * width + (k % SIDE)];
  }
  return { prediction, errors, loss, gradient };
}

/**
 * One step of gradient descent: new = old - rate x gradient.
 *
 * @param {ArrayLike<number>} kernel
 * @param {ArrayLike<number>} gradient
 * @param {number} rate
 * @returns {Float64Array<ArrayBuffer>}
 */
export const stepped = (kernel, gradient, rate) =>
  Float64Array.from(kernel, (weight, k) => weight - rate * gradient[k]);

/**
 * The learning rate above which the steps overshoot more and more: 2 over the largest curvature of the loss, which is the
 * largest eigenvalue of the mean of twice the products of any two pixels under the kernel. Found by power iteration.
 *
 * @param {Task} task
 * @returns {number}
 */
export function largestRate({ picture, places }) {
  const curvature = new Float64Array(WEIGHTS * WEIGHTS);
  for (const place of places) {
    const pixels = pixelsUnder(picture, place);
    for (let i = 0; i < curvature.length; i++)
      curvature[i] += (2 * pixels[Math.floor(i / WEIGHTS)] * pixels[i % WEIGHTS]) / places.length;
  }
  let vector = Array.from({ length: WEIGHTS }, (_, i) => 1 + i / 100);
  let largest = 0;
  for (let turn = 0; turn < 300; turn++) {
    const next = vector.map((_, row) =>
      vector.reduce((sum, value, column) => sum + value * curvature[row * WEIGHTS + column], 0),
    );
    largest = Math.hypot(...next) / Math.hypot(...vector);
    const size = Math.hypot(...next) || 1;
    vector = next.map((value) => value / size);
  }
  return 2 / largest;
}
