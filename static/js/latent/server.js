import { fetchBlob, fetchJson, fetchTensors } from "../shared/server/api.js";
import { pictureOf } from "../shared/pictures/pictures.js";
import { askLive } from "../shared/server/live_channel.js";

/**
 * @typedef {import("../shared/safetensors.js").SafetensorsFile} SafetensorsFile
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {{left: number, right: number, bottom: number, top: number}} Edges
 * @typedef {{mu: number[], logVariance: number[]}} Cloud where a picture lands; without a spread where the encoder gives none
 */

const BYTES = { method: "POST", headers: { "Content-Type": "application/octet-stream" } };

/** @param {string} name */
const addressOf = (name) => `/api/latent/${encodeURIComponent(name)}`;

/** The facts of a latent space. @param {string} name @returns {Promise<any>} */
export const fetchSpace = (name) => fetchJson(addressOf(name));

/** The codes of the test digits, or of the first of every so many. @param {string} name @param {number} [every] */
export const fetchMap = async (name, every = 1) =>
  (await fetchTensors(`${addressOf(name)}/map?half=true${every > 1 ? `&every=${every}` : ""}`)).tensors;

/**
 * Test digits of MNIST as spaces rebuild them, as a picture has them: in 256 steps of grey.
 *
 * @param {string[]} names
 * @param {number[]} numbers of the digits
 * @returns {Promise<Tensor>} (3, 28 * spaces, 28 * digits), 0..1
 */
export async function fetchCopies(names, numbers) {
  const query = new URLSearchParams(names.map((name) => ["model", name]));
  return pictureOf(await fetchBlob(`/api/latent/copies/${numbers.join(",")}?${query}`, "image/png"));
}

/** The weights of the decoder, and its layers as facts. @param {string} name */
export const fetchDecoder = (name) => fetchTensors(`${addressOf(name)}/decoder?half=true`);

/** The squared errors of the test digits, ascending. @param {string} name */
export const fetchErrors = async (name) => (await fetchTensors(`${addressOf(name)}/errors`)).tensors.squared_error.data;

/** The codes of the test digits at every moment of the training. @param {string} name */
export const fetchFilm = async (name) => (await fetchTensors(`${addressOf(name)}/film`)).tensors;

/** Codes from N(0, I) and what becomes of them. @param {string} name @param {{count: number, seed: number}} json */
export const sampleCodes = (name, json) => fetchTensors(`${addressOf(name)}/sample`, { json });

/**
 * What the server decodes.
 *
 * @param {string} model
 * @param {number[][]} z codes
 * @param {{labels?: number[]}} labels what a network that is given the digit is given
 * @returns {Promise<Float32Array<ArrayBuffer>>} 784 values for each
 */
export async function decodeCodes(model, z, labels) {
  const overHttp = () => fetchTensors(`${addressOf(model)}/decode`, { json: { z, ...labels } });
  const codes = { z: { shape: [z.length, z[0].length], data: Float32Array.from(z.flat()) } };
  const { tensors } = await askLive({ ask: "decode", model, ...labels }, codes, overHttp);
  return Float32Array.from(tensors.images.data);
}

/**
 * Where a picture lies in a latent space.
 *
 * @param {string} model
 * @param {Float32Array<ArrayBuffer>} picture 784 values 0..1, light on dark
 * @param {string} [stream] a newer ask of the same one overtakes this one
 * @returns {Promise<Cloud>}
 */
export async function encodePicture(model, picture, stream) {
  const overHttp = () => fetchTensors(`${addressOf(model)}/encode`, { ...BYTES, body: picture });
  const images = { shape: [1, 28, 28], data: picture };
  const { tensors } = await askLive({ ask: "encode", stream, model }, { images }, overHttp);
  return { mu: Array.from(tensors.mu.data), logVariance: Array.from(tensors.log_variance?.data ?? []) };
}

/**
 * A grid of codes over a part of the plane, decoded, and what the digit network reads in each.
 *
 * @param {string} model
 * @param {Edges} edges
 * @param {{rows: number, columns: number, label: number}} grid
 */
export async function fetchGrid(model, edges, grid) {
  const query = new URLSearchParams({ classes: "true" });
  for (const [name, value] of Object.entries({ ...grid, ...edges })) query.set(name, String(value));
  return (await fetchTensors(`${addressOf(model)}/grid?${query}`)).tensors;
}

/** The grid of `side` x `side` codes over -reach..reach at one moment of the training. @param {string} model @param {number} frame @param {number} side @param {number} reach */
export async function fetchFilmGrid(model, frame, side, reach) {
  const query = `rows=${side}&columns=${side}&range=${reach}`;
  return (await fetchTensors(`${addressOf(model)}/film/${frame}/grid?${query}`)).tensors;
}

/** A decoded grid of 20 x 20 codes, to take away. @param {string} model @returns {Promise<Blob>} */
export const fetchSheetFile = (model) => fetchBlob(`${addressOf(model)}/grid?rows=20&columns=20&range=3`, "image/png");

/** A walk through codes as a moving picture. @param {string} model @param {{z: number[][], format: "gif" | "webp", milliseconds: number}} json */
export const fetchAnimation = (model, json) =>
  fetchBlob(`${addressOf(model)}/animation`, `image/${json.format}`, { json });

/** Where the codes are, to take away. @param {string} model */
export const codesAddress = (model) => `${addressOf(model)}/codes.npz`;

/**
 * Test digits of MNIST by their numbers.
 *
 * @param {number[]} numbers
 * @returns {Promise<Float32Array>} 784 values for each
 */
export async function testDigits(numbers) {
  const { tensors } = await fetchTensors(`/api/latent/digits/${numbers.join(",")}`);
  return /** @type {Float32Array} */ (tensors.images.data);
}
