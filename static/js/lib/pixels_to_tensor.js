/**
 * Pixels of a canvas as a tensor.
 *
 * @param {ArrayLike<number>} rgba four bytes for each pixel; transparency is left out
 * @param {number} width
 * @param {number} height
 * @returns {import("../shared/safetensors.js").Tensor & {data: Float32Array<ArrayBuffer>}} (3, H, W), 0..1
 */
export function pixelsToTensor(rgba, width, height) {
  const count = width * height;
  const data = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    data[i] = rgba[4 * i] / 255;
    data[count + i] = rgba[4 * i + 1] / 255;
    data[2 * count + i] = rgba[4 * i + 2] / 255;
  }
  return { shape: [3, height, width], data };
}
