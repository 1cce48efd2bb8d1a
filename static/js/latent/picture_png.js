const SIDE = 28;

/**
 * A picture of 28 x 28 values as a PNG of as many pixels, light on dark.
 *
 * @param {ArrayLike<number>} picture 784 values 0..1
 * @returns {Promise<Blob>}
 */
export function picturePng(picture) {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const image = new ImageData(SIDE, SIDE);
  image.data.set(
    Uint8ClampedArray.from({ length: 4 * SIDE * SIDE }, (_, i) => (i % 4 === 3 ? 255 : 255 * picture[i >> 2])),
  );
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
