import { fetchTensors } from "../shared/server/api.js";
import { askLive } from "../shared/server/live_channel.js";

/** Numbers in the codes of the autoencoders in the box. */
export const SIZES = [1, 2, 4, 8, 16, 32];

/** @param {number} size */
export const modelOf = (size) => `autoencoder_${size}d`;

/** The size that a name stands for; 0 where it is no autoencoder of the box. @param {string | undefined} model */
export const sizeOf = (model) => SIZES.find((size) => modelOf(size) === model) ?? 0;

/**
 * The code of a picture.
 *
 * @param {string} model
 * @param {Float32Array<ArrayBuffer>} picture 784 values 0..1, light on dark
 * @returns {Promise<number[]>}
 */
export async function encode(model, picture) {
  const headers = { "Content-Type": "application/octet-stream" };
  const overHttp = () => fetchTensors(`/api/latent/${model}/encode`, { method: "POST", headers, body: picture });
  const { tensors } = await askLive(
    { ask: "encode", model },
    { images: { shape: [1, 28, 28], data: picture } },
    overHttp,
  );
  return Array.from(tensors.mu.data);
}
