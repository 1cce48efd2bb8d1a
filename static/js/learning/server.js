import { fetchBlob, fetchJson, fetchTensors } from "../shared/server/api.js";
import { askLive } from "../shared/server/live_channel.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {object} Batch pictures with the digits that they are
 * @property {number[][]} pictures 28 x 28 values each, 0..1
 * @property {number[]} labels of the pictures
 * @property {number[]} digits places of MNIST's digits to learn from, whose labels are known
 * @property {string | null} [run] the network that learns there, in place of the digit network
 * @typedef {object} Term
 * @property {number} input
 * @property {number} weight
 * @property {number} product
 * @property {string | null} layer
 * @property {number[]} unit
 * @property {number} [picture]
 * @typedef {object} Sum a gradient as a sum
 * @property {string} layer
 * @property {number[]} unit
 * @property {number} value
 * @property {number} total of all terms
 * @property {number} count of the terms
 * @property {Term[]} terms the strongest first
 * @property {Record<string, number>} details
 * @property {string} formula
 * @property {number[]} [by_picture]
 * @typedef {object} Descent what becomes of the loss where one weight moves
 * @property {number} weight
 * @property {number} gradient
 * @property {number} rate
 * @property {number} new
 * @property {number} loss
 * @property {number} loss_after
 * @property {number} nudged
 * @property {{by: number, slope: number, error: number}} slope
 * @property {{count: number, loss: number, loss_after: number}} others
 * @property {{weights: number[], losses: number[]}} slice
 */

const GRADIENTS = "/api/learning/gradients";

/**
 * How a question about pictures is put: about MNIST's digits alone by their places, so that a browser keeps the answer.
 *
 * @param {string} path @param {Record<string, string | number>} query @param {Batch} batch
 * @returns {[string, {json?: Batch}]}
 */
function asked(path, query, batch) {
  const { pictures, digits, run } = batch;
  const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  if (!pictures.length) for (const place of digits) words.append("digits", String(place));
  if (!pictures.length && run) words.set("run", run);
  const said = String(words).replaceAll("%2C", ",");
  return [`${GRADIENTS}${path}${said && "?"}${said}`, pictures.length ? { json: batch } : {}];
}

/** What came back to every unit, and every weight's gradient. @param {Batch} batch */
export const fetchGradients = (batch) => fetchTensors(...asked("", {}, batch));

/**
 * What came back to one unit.
 *
 * @param {Batch} batch @param {string} layer @param {number[]} unit @param {number} picture @param {number} limit
 * @returns {Promise<Sum>}
 */
export const fetchUnit = (batch, layer, unit, picture, limit) =>
  fetchJson(...asked("/unit", { layer, unit: unit.join(), picture, limit }, batch));

/**
 * The gradient of one weight.
 *
 * @param {Batch} batch @param {string} parameter @param {number[]} index @param {number} limit
 * @returns {Promise<Sum>}
 */
export const fetchWeight = (batch, parameter, index, limit) =>
  fetchJson(...asked("/weight", { parameter, index: index.join(), limit }, batch));

/**
 * One weight moved, by hand and by a step of descent.
 *
 * @param {Batch} batch @param {string} parameter @param {number[]} index @param {number} rate @param {number} by
 * @returns {Promise<Descent>}
 */
export const fetchDescent = (batch, parameter, index, rate, by) =>
  fetchJson(...asked("/step", { parameter, index: index.join(), rate, by }, batch));

/**
 * @typedef {{parameter: string, index: number[]}} Weight
 * @typedef {object} Plane the loss along two weights, and one step of descent of both
 * @property {Tensor} losses (17, 17), the first weight down the rows
 * @property {number[]} old the two weights
 * @property {number[]} gradients
 * @property {number[]} new
 * @property {number} loss
 * @property {number} loss_after
 */

/**
 * The loss where two weights are moved by -reach to reach.
 *
 * @param {Batch} batch @param {[Weight, Weight]} weights @param {number} reach @param {number} rate
 * @returns {Promise<Plane>}
 */
export async function fetchPlane(batch, weights, reach, rate) {
  const { tensors, facts } = await fetchTensors(`${GRADIENTS}/slice`, { json: { ...batch, weights, reach, rate } });
  return /** @type {Plane} */ ({ ...facts, losses: tensors.losses });
}

const RUNS = "/api/learning/runs";

/**
 * @typedef {object} Settings
 * @property {number} seed
 * @property {number} rate
 * @property {number} batch
 * @property {"sgd" | "momentum" | "adam"} optimiser
 * @property {number} digits
 * @property {boolean} augmented
 * @property {number} noise
 * @property {boolean} zeros
 * @property {boolean} relu
 * @typedef {{step: number, loss: number | null, accuracy: number | null, test_loss: number | null, test_accuracy: number, sizes: (number | null)[]}} Point
 * @typedef {object} RunState
 * @property {string} id
 * @property {number} version
 * @property {boolean} playing
 * @property {number} step
 * @property {number} epoch steps of an epoch
 * @property {number} most_steps
 * @property {Settings} settings
 * @property {number[]} kept steps that can be looked back at
 * @property {Point[]} [points]
 * @property {string} [key]
 */

/** Begins a run, paused. @param {Partial<Settings>} settings @returns {Promise<RunState & {key: string}>} */
export const beginRun = (settings) => fetchJson(RUNS, { json: settings });

/** Where a run stands. @param {string} id @returns {Promise<RunState>} */
export const fetchRun = (id) => fetchJson(`${RUNS}/${encodeURIComponent(id)}`);

/**
 * Lets a run go on, pauses it, or gives it other settings.
 *
 * @param {string} id
 * @param {{key: string, until?: number, pause?: boolean, settings?: Partial<Settings>}} told
 * @returns {Promise<RunState>}
 */
export const tellRun = (id, told) => fetchJson(`${RUNS}/${encodeURIComponent(id)}`, { json: told });

/** Ends a run. @param {string} id @param {string} key */
export const endRun = (id, key) =>
  fetchBlob(`${RUNS}/${encodeURIComponent(id)}?key=${encodeURIComponent(key)}`, "*/*", { method: "DELETE" });

/**
 * What is new of a run, once something is.
 *
 * @param {string} id
 * @param {{version: number, have: number, wants: string[], at?: number}} looked
 * @param {Float32Array<ArrayBuffer> | null} digit 28 x 28 values
 * @param {string} stream of the live channel
 */
export function fetchFrame(id, looked, digit, stream) {
  const overHttp = () =>
    fetchTensors(`${RUNS}/${encodeURIComponent(id)}/frame`, {
      json: { ...looked, digit: digit ? Array.from(digit) : undefined },
    });
  /** @type {Record<string, {shape: number[], data: Float32Array}>} */
  const tensors = digit ? { digit: { shape: [28, 28], data: digit } } : {};
  return askLive({ ask: "run", run: id, ...looked, stream }, tensors, overHttp);
}

/** How the test digits are read. @param {string} id */
export const fetchConfusion = (id) => fetchTensors(`${RUNS}/${encodeURIComponent(id)}/confusion`);

/** The digits behind a cell of it. @param {string} id @param {number} label @param {number} answer */
export const fetchCell = (id, label, answer) =>
  fetchTensors(`${RUNS}/${encodeURIComponent(id)}/digits?label=${label}&answer=${answer}&limit=40`);

/** Where the run's network is to be had, and the lines that train it again. @param {string} id */
export const takeHome = (id) => ({
  weights: `${RUNS}/${encodeURIComponent(id)}/weights`,
  script: `${RUNS}/${encodeURIComponent(id)}/script`,
});
