/**
 * A picture with fewer pixels: each is the mean of those that it covers, in part or wholly (PyTorch's
 * adaptive_avg_pool2d). Never enlarged.
 *
 * @param {import("../shared/safetensors.js").Tensor} tensor (C, H, W)
 * @param {number} height
 * @param {number} width
 * @returns {import("../shared/safetensors.js").Tensor} (C, height, width)
 */
export function shrink({ shape: [channels, tall, wide], data }, height, width) {
  const rows = spans(tall, Math.min(height, tall));
  const columns = spans(wide, Math.min(width, wide));
  const small = new Float32Array(channels * rows.length * columns.length);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const [top, bottom] of rows) {
      for (const [left, right] of columns) {
        let sum = 0;
        for (let row = top; row < bottom; row++) {
          const start = (channel * tall + row) * wide;
          for (let column = left; column < right; column++) sum += data[start + column];
        }
        small[at++] = sum / ((bottom - top) * (right - left));
      }
    }
  }
  return { shape: [channels, rows.length, columns.length], data: small };
}

/** @param {number} size @param {number} count @returns {[number, number][]} */
const spans = (size, count) =>
  Array.from({ length: count }, (_, i) => [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)]);
