import { decodeCodes, testDigits } from "../latent/server.js";
import { gatherPictures } from "../latent/between.js";
import { entropyBits, likeliest, normals } from "../shared/statistics.js";
import { LEAST } from "../shared/sureness.js";
import { comparePictures, sample } from "./server.js";

/** @typedef {Float32Array<ArrayBuffer>} Pixels */

/**
 * A hundred digits and what they are compared by; `pictures`, `nearest` and `neighbours` by the digit that is read.
 *
 * @typedef {object} Hundred
 * @property {Pixels} pictures
 * @property {Pixels} neighbours the nearest training digit of each
 * @property {Float32Array} nearest how far it is
 * @property {number} sharpness mean
 * @property {number} confidence mean
 * @property {number} passed how many the judge takes for digits
 * @property {number} classes how many of the ten come up
 * @property {number} evenness of the ten, in bits
 * @property {number} distance to the nearest training digit, median
 * @property {number | null} seconds until they were there; null for what nobody drew
 */

export const COUNT = 100;
/** The VAE, and how it is called in the figures of the card. */
export const RIVAL = "vae_10d";
const NUMBERS = 10;

/** Codes from N(0, I), decoded by the VAE. @param {number} seed @returns {Promise<Hundred>} */
export async function drawnByVae(seed) {
  const begun = performance.now();
  const normal = normals(seed);
  const codes = Array.from({ length: COUNT }, () => Array.from({ length: NUMBERS }, normal));
  return compared(await decodeCodes(RIVAL, codes, {}), seconds(begun));
}

/**
 * Noise that became digits, told no class.
 *
 * @param {number} seed
 * @param {number} steps
 * @param {(pictures: Pixels, done: number, total: number) => void} forming
 * @param {AbortSignal} signal
 * @returns {Promise<Hundred>}
 */
export async function drawnByDiffusion(seed, steps, forming, signal) {
  const begun = performance.now();
  const onMoment = (
    /** @type {import("./server.js").Moment} */ { tensors },
    /** @type {number} */ done,
    /** @type {number} */ total,
  ) =>
    forming(
      Float32Array.from(tensors.estimate_bytes.data, (value) => value / 255),
      done,
      total,
    );
  const pictures = await sample({ count: COUNT, steps, seed, guidance: 0 }, {}, onMoment, signal);
  return compared(pictures, seconds(begun));
}

/** Test digits, by the same rulers. @param {number} seed @returns {Promise<Hundred>} */
export async function written(seed) {
  const numbers = Array.from({ length: COUNT }, (_, i) => (COUNT * seed + i) % 10_000);
  return compared(Float32Array.from(await testDigits(numbers)), null);
}

/** @param {Pixels} pictures @param {number | null} took @returns {Promise<Hundred>} */
async function compared(pictures, took) {
  const { probabilities, judged, sharpness, nearest, neighbours } = await comparePictures(pictures);
  const digits = likeliest(probabilities.data);
  const order = Array.from(digits.keys()).sort((a, b) => digits[a] - digits[b]);
  const sorted = (/** @type {Float32Array} */ all) =>
    gatherPictures(order.map((i) => all.subarray(784 * i, 784 * (i + 1))));
  const counts = Array.from({ length: 10 }, (_, digit) => digits.filter((one) => one === digit).length);
  const far = Float32Array.from(nearest.data);
  return {
    pictures: sorted(pictures),
    neighbours: sorted(Float32Array.from(neighbours.data)),
    nearest: Float32Array.from(order, (i) => far[i]),
    sharpness: mean(sharpness.data),
    confidence: mean(Array.from(digits, (digit, i) => probabilities.data[10 * i + digit])),
    passed: order.filter((i) => judged.data[i] >= LEAST).length,
    classes: counts.filter(Boolean).length,
    evenness: entropyBits(counts),
    distance: far.toSorted()[Math.floor(far.length / 2)],
    seconds: took,
  };
}

/** @param {number} begun */
const seconds = (begun) => (performance.now() - begun) / 1000;

/** @param {ArrayLike<number>} values */
const mean = (values) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
