import { denseNetwork } from "../latent/dense_network.js";
import { latentSpace } from "../latent/space.js";
import { bestVelocity, networkVelocity } from "./plane.js";
import { fetchDiffusion, fetchPlane } from "./server.js";

/**
 * @typedef {import("./plane.js").Pair} Pair
 * @typedef {import("./plane.js").PlanePoints} PlanePoints
 * @typedef {import("./plane.js").Shares} Shares
 * @typedef {import("./plane.js").Velocity} Velocity
 */

/** Every so many steps of the schedule one is visited. */
export const STRIDE = 20;

/**
 * Diffusion of two numbers, ready to run.
 *
 * @typedef {object} PlaneModel
 * @property {PlanePoints} points the codes of the test digits, less their mean, by their spread
 * @property {import("../latent/plane/painting.js").Points} dots the same with their classes, to be drawn
 * @property {number[]} mean of the codes
 * @property {number[]} std
 * @property {number[]} steps that are visited, the noisiest first
 * @property {Shares[]} shares at each of them
 * @property {Velocity} network its answer
 * @property {Velocity} best the best answer that there is
 * @property {(point: Pair) => Float32Array<ArrayBuffer>} decode a point to 784 values 0..1
 * @property {Record<string, number>} figures the card's
 */

/** @returns {Promise<PlaneModel>} */
export async function planeModel() {
  const [{ schedule }, { tensors, facts }] = await Promise.all([fetchDiffusion(), fetchPlane()]);
  const space = await latentSpace(facts.space);
  const [mean, std] = [tensors.mean, tensors.std].map(({ data }) => Array.from(data));
  const axis = (/** @type {number} */ k) =>
    Float64Array.from({ length: space.count }, (_, i) => (space.mu[2 * i + k] - mean[k]) / std[k]);
  const points = { x: axis(0), y: axis(1) };
  const last = schedule.a.length - 1;
  const steps = Array.from({ length: last / STRIDE + 1 }, (_, i) => last - STRIDE * i);
  return {
    points,
    dots: { x: Float32Array.from(points.x), y: Float32Array.from(points.y), labels: space.labels },
    mean,
    std,
    steps,
    shares: steps.map((step) => ({ a: schedule.a[step], s: schedule.s[step] })),
    network: networkVelocity(denseNetwork(tensors, facts.layers)),
    best: bestVelocity(points),
    decode: (point) => space.decode(point.map((value, k) => std[k] * value + mean[k])),
    figures: facts.figures,
  };
}
