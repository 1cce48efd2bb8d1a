/**
 * A picture with more pixels, each the copy of the nearest one.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (C, H, W)
 * @param {number} height
 * @param {number} width
 * @returns {import("../shared/safetensors.js").Tensor} (C, height, width)
 */
export function enlarge({ shape: [channels, tall, wide], data }, height, width) {
  const large = new Float32Array(channels * height * width);
  for (let i = 0; i < large.length; i++) {
    const [channel, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    large[i] = data[(channel * tall + Math.floor((row * tall) / height)) * wide + Math.floor((column * wide) / width)];
  }
  return { shape: [channels, height, width], data: large };
}
