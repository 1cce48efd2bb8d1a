/**
 * A photograph that the server would refuse, made smaller here: as many pixels as it takes, upright.
 */

/** No page shows more of a picture, and every phone's canvas holds so many. */
const MOST_PIXELS = 12e6;
const QUALITY = 0.92;

/** @typedef {{width: number, height: number}} Size */

/**
 * The size that a picture is given so that a server takes it; null where it takes it as it is.
 *
 * @param {Size & {bytes: number}} picture
 * @param {{pixels: number, bytes: number}} most
 * @returns {Size | null}
 */
export function smallerSize({ width, height, bytes }, most) {
  if (width * height <= most.pixels && bytes <= most.bytes) return null;
  const share = Math.min(1, Math.sqrt(Math.min(most.pixels, MOST_PIXELS) / (width * height)));
  return { width: Math.max(1, Math.floor(width * share)), height: Math.max(1, Math.floor(height * share)) };
}

/**
 * @param {Blob} file
 * @returns {Promise<{file: Blob, from?: Size, to?: Size}>} the file itself where the server takes it, or where this
 *   browser cannot read it; else the smaller one, and both sizes
 */
export async function fitted(file) {
  const { uploadMegabytes, uploadMegapixels } = document.body.dataset;
  const most = { bytes: Number(uploadMegabytes) * 1e6, pixels: Number(uploadMegapixels) * 1e6 };
  const picture = await read(file);
  if (!picture) return { file };
  const from = { width: picture.naturalWidth, height: picture.naturalHeight };
  const to = smallerSize({ ...from, bytes: file.size }, most);
  return to ? { file: await drawn(picture, to, file.type === "image/png"), from, to } : { file };
}

/** The picture as the browser reads it, turned as its camera says. @param {Blob} file @returns {Promise<HTMLImageElement | null>} */
async function read(file) {
  const address = URL.createObjectURL(file);
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
    return picture;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @param {HTMLImageElement} picture @param {Size} size @param {boolean} exact whether nothing may be lost, transparency either */
async function drawn(picture, { width, height }, exact) {
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  return canvas.convertToBlob(exact ? { type: "image/png" } : { type: "image/jpeg", quality: QUALITY });
}
