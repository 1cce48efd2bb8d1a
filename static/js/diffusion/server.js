import { safetensors, safetensorsBytes } from "../shared/safetensors.js";
import { fetchBlob, fetchJson, fetchTensors } from "../shared/server/api.js";
import { askLive } from "../shared/server/live_channel.js";
import { fetchSteps } from "../shared/server/steps.js";
import { Turns } from "./turns.js";

/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("./schedule.js").Schedule} Schedule
 * @typedef {Float32Array<ArrayBuffer>} Pixels
 * @typedef {object} Facts
 * @property {number} steps of the schedule
 * @property {number} any the label that stands for any digit
 * @property {string[]} kinds
 * @property {number} parameters
 * @property {Record<string, number>} figures of the card
 * @property {number} most_pictures
 * @property {number} most_steps
 * @property {number} most_guidance
 * @property {number} most_passes
 * @typedef {object} Seen what the network finds in noisy pictures, (N, 1, 28, 28) each
 * @property {Tensor} velocity
 * @property {Tensor} noise
 * @property {Tensor} estimate
 * @property {Tensor} [told] the velocity, told the class; not where guidance is 0
 * @property {Tensor} [untold] the velocity, not told it; not where guidance is 1
 * @typedef {"x" | "velocity" | "noise" | "estimate" | "told" | "untold" | "remaining" | "fresh" | "after" | "x_bytes" | "estimate_bytes" | "after_bytes"} Want
 * @typedef {object} Wish what is to be drawn; what is left out is the server's first choice
 * @property {number} [count] of pictures, 1 to 100
 * @property {number} [steps] 1 to 250, 25 unless given
 * @property {"ddim" | "ancestral"} [kind]
 * @property {number} [guidance] 0 to 10, 1 unless given
 * @property {number} [seed]
 * @property {number | number[]} [labels] a class for each picture, or one for all; 10 is any digit
 * @property {number} [start] the step at which it begins, 1 to 1000
 * @property {number} [again] how often each step is done where pixels are known, 1 unless given
 * @property {Want[]} [wants] of each moment; estimate_bytes unless given
 * @typedef {object} Given tensors that a wish begins with
 * @property {Float32Array} [noise] 784 numbers for each picture, in place of the seed's
 * @property {Float32Array} [pictures] 784 values 0..1 for each, or for all: noise is put into them
 * @property {Float32Array} [known] 1 where a pixel of `pictures` stays, else 0
 * @typedef {object} MomentFacts
 * @property {number} step where it was
 * @property {number} earlier where it is after it
 * @property {number} a
 * @property {number} s
 * @property {number} next_a
 * @property {number} next_s
 * @property {number} sigma how much fresh noise is put in
 * @typedef {{steps: number[], errors: number[], count: number}} Errors mean squared errors per pixel of `count` test digits
 * @typedef {MomentFacts & {tensors: Record<string, Tensor>}} Moment one step: what was wanted of it, (N, 1, 28, 28) each
 */

const SIDE = 28;
const SAFETENSORS = "application/vnd.safetensors";
const ADDRESS = "/api/diffusion";

/** The server does one long work of a visitor at a time, and refuses who waits there for long: the others wait here. */
const turns = new Turns(1);

/** @type {Promise<{schedule: Schedule, facts: Facts}> | undefined} */
let described;

/** The schedule, and what is known of the network; asked for once. */
export function fetchDiffusion() {
  described ??= describe();
  described.catch(() => (described = undefined));
  return described;
}

/** @returns {Promise<{schedule: Schedule, facts: Facts}>} */
async function describe() {
  const { tensors, facts } = await fetchTensors(ADDRESS);
  const [a, s] = [tensors.a.data, tensors.s.data].map((data) => Float32Array.from(data));
  return { schedule: { a, s }, facts: /** @type {any} */ (facts) };
}

/**
 * Diffusion of two numbers, for the browser.
 *
 * @returns {Promise<{tensors: Record<string, Tensor>, facts: {layers: import("../latent/dense_network.js").DenseLayer[], space: string, figures: Record<string, number>}}>}
 */
export const fetchPlane = async () => /** @type {any} */ (await fetchTensors(`${ADDRESS}/plane?half=true`));

/** The noise that a seed stands for, 784 numbers a picture. @param {number} seed @param {number} [count] @returns {Promise<Pixels>} */
export async function fetchNoise(seed, count = 1) {
  const { tensors } = await fetchTensors(`${ADDRESS}/noise?seed=${seed}&count=${count}`);
  return Float32Array.from(tensors.noise.data);
}

/** How far the network is off at steps of the schedule. @returns {Promise<Errors>} */
export const fetchErrors = () => fetchJson(`${ADDRESS}/errors`);

/**
 * What the network finds in noisy pictures.
 *
 * @param {Pixels} x 784 numbers a picture
 * @param {{step: number, labels?: number | number[], guidance?: number}} told
 * @param {string} [stream] a newer ask of the same one overtakes this one
 * @returns {Promise<Seen>}
 */
export async function look(x, told, stream) {
  const tensors = pixelTensors({ x });
  const { tensors: seen } = await askLive({ ask: "denoise", stream, ...told }, tensors, () =>
    fetchTensors(`${ADDRESS}/look`, sent(tensors, told)),
  );
  return /** @type {any} */ (seen);
}

/**
 * Pictures out of noise, each moment as it forms.
 *
 * @param {Wish} wish
 * @param {Given} given
 * @param {(moment: Moment, done: number, total: number) => void} onMoment
 * @param {AbortSignal} signal aborting it ends the server's work
 * @returns {Promise<Pixels>} the pictures, 784 values 0..1 each
 */
export async function sample(wish, given, onMoment, signal) {
  const body = sent(pixelTensors(given), wish);
  const onStep = (/** @type {import("../shared/server/steps.js").Step} */ { done, total, seen }) => {
    if (!seen) return;
    const { tensors, facts } = unwrapped(seen.moment);
    onMoment({ .../** @type {MomentFacts} */ (facts), tensors }, done, total);
  };
  const { images } = await turns.run(() => fetchSteps(`${ADDRESS}/sample`, onStep, signal, body), signal);
  return Float32Array.from(unwrapped(images).tensors.images.data);
}

/** The noise out of which DDIM makes pictures, 784 numbers for each. @param {Pixels} pictures 0..1 @param {number} steps @param {AbortSignal} signal */
export async function invert(pictures, steps, signal) {
  const asked = { ...sent(pixelTensors({ pictures }), { steps }), signal };
  const { tensors } = await turns.run(() => fetchTensors(`${ADDRESS}/inversion`, asked), signal);
  return Float32Array.from(tensors.noise.data);
}

/** Pictures one after another as a moving one. @param {Float32Array} pictures 0..1 @param {{format: "gif" | "webp", milliseconds: number}} facts */
export const fetchFilm = (pictures, facts) =>
  fetchBlob(`${ADDRESS}/animation`, `image/${facts.format}`, sent(pixelTensors({ pictures }), facts));
/**
 * What pictures are compared by: what the digit network reads, how sharp they are, the nearest digits that were learned from.
 *
 * @param {Pixels} pictures 784 values 0..1 each, a hundred at most
 */
export const comparePictures = async (pictures) =>
  (await fetchTensors(`${ADDRESS}/compare`, sent(pixelTensors({ pictures }), {}))).tensors;

/** @param {Record<string, Float32Array | undefined>} pixels */
function pixelTensors(pixels) {
  /** @type {Record<string, {shape: number[], data: Float32Array}>} */
  const tensors = {};
  for (const [name, data] of Object.entries(pixels))
    if (data) tensors[name] = { shape: [data.length / SIDE / SIDE, 1, SIDE, SIDE], data };
  return tensors;
}

/** @param {ReturnType<typeof pixelTensors>} tensors @param {object} facts */
function sent(tensors, facts) {
  const body = safetensorsBytes(tensors, /** @type {Record<string, unknown>} */ (facts));
  return { method: "POST", headers: { "Content-Type": SAFETENSORS }, body };
}

/** A safetensors file in base64. @param {string} text */
const unwrapped = (text) => safetensors(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
