import { fetchBlob, fetchJson } from "../server/api.js";
import { forgetPicture, keepPicture } from "../server/kept_pictures.js";
import { pixelsToTensor } from "../tensors.js";

/** @typedef {{id: string, width: number, height: number, title?: string}} PictureInfo */

/**
 * The pictures that come along.
 *
 * @returns {Promise<PictureInfo[]>}
 */
export async function fetchSamples() {
  return (await fetchJson("/api/images")).samples;
}

/** Where all pictures that come along are in one, side by side. */
const SHEET = "/api/images/sheet";

/**
 * What shows a picture that comes along as small as one chooses it, all of them from one file.
 *
 * @param {number} place of the picture in their list
 * @param {number} count of all
 * @returns {Record<string, string>}
 */
export const thumbnailStyle = (place, count) => ({
  backgroundImage: `url(${SHEET})`,
  backgroundSize: `${100 * count}% 100%`,
  backgroundPosition: `${(100 * place) / Math.max(count - 1, 1)}% 0`,
});

/** Longest side in pixels of a picture that comes along and is kept for the page's other parts. */
const SMALL = 128;
/** What two parts of a page ask for at the same time comes once. @type {Map<string, Promise<import("../safetensors.js").Tensor>>} */
const underWay = new Map();

/**
 * A picture as the server sees it, every value exact: this WebP loses nothing.
 *
 * @param {string} id
 * @param {number} size longest side in pixels, at most
 * @returns {Promise<import("../safetensors.js").Tensor>} (3, H, W), 0..1
 */
export function fetchPicture(id, size) {
  const address = pictureAddress(id, size);
  const asked = underWay.get(address) ?? fetchBlob(address, "image/webp").then(pictureOf);
  underWay.set(address, asked);
  const forget = () => underWay.delete(address);
  asked.then(() => (isUploaded(id) || size > SMALL) && forget(), forget); // whoever asked is told
  return asked;
}

/** Where a picture is. @param {string} id @param {number} size longest side in pixels, at most */
export const pictureAddress = (id, size) => `/api/images/${encodeURIComponent(id)}?size=${size}`;

/**
 * Keeps a picture file on the server, and here in case the server forgets it.
 *
 * @param {Blob} file
 * @returns {Promise<PictureInfo>}
 */
export async function uploadPicture(file) {
  const body = new FormData();
  body.append("file", file);
  const kept = await fetchJson("/api/images", { method: "POST", body });
  void keepPicture(kept.id, file);
  return kept;
}

/** Deletes an uploaded picture on the server and here. @param {string} id */
export async function deletePicture(id) {
  await forgetPicture(id);
  await fetchBlob(`/api/images/${id}`, "*/*", { method: "DELETE" });
}

/** Whether a picture of that id was uploaded, by somebody. @param {string | null} id */
export const isUploaded = (id) => /^[0-9a-f]{64}$/.test(id ?? "");

/** The values of a picture file, as they are. @param {Blob} blob */
export async function pictureOf(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  return capture(bitmap, bitmap.width, bitmap.height).tensor;
}

/**
 * Draws a source into a canvas of the given size and reads its pixels.
 *
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 */
export function capture(source, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  context.drawImage(source, 0, 0, width, height);
  return { canvas, tensor: pixelsToTensor(context.getImageData(0, 0, width, height).data, width, height) };
}
