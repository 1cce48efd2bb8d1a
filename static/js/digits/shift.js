/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/**
 * Maps moved by whole pixels; what comes in from the edge is 0.
 *
 * @param {Tensor} maps (C, H, W)
 * @param {number} down
 * @param {number} right
 * @returns {Tensor}
 */
export function moveMaps({ shape, data }, down, right) {
  const [channels, height, width] = shape;
  const moved = new Float32Array(data.length);
  for (let row = 0; row < channels * height; row++) {
    const from = (row % height) - down;
    if (from < 0 || from >= height) continue;
    for (let column = Math.max(0, right); column < Math.min(width, width + right); column++)
      moved[row * width + column] = data[(row - down) * width + column - right];
  }
  return { shape, data: moved };
}

/**
 * How far a map is from another that was moved, at most, where both have values: 0 where it moved along.
 *
 * @param {Tensor} before (C, H, W)
 * @param {Tensor} after (C, H, W)
 * @param {number} down
 * @param {number} right
 */
export function leftBehind(before, after, down, right) {
  const [channels, height, width] = before.shape;
  const along = moveMaps(before, down, right);
  let largest = 0;
  for (let at = 0; at < channels * height * width; at++) {
    const row = (Math.floor(at / width) % height) - down;
    const column = (at % width) - right;
    if (row < 0 || row >= height || column < 0 || column >= width) continue;
    largest = Math.max(largest, Math.abs(along.data[at] - after.data[at]));
  }
  return largest;
}

/**
 * How many numbers of a list are others now: further off than a tenth of the largest.
 *
 * @param {ArrayLike<number>} before
 * @param {ArrayLike<number>} after
 */
export function changedPlaces(before, after) {
  let largest = 0;
  for (let i = 0; i < before.length; i++) largest = Math.max(largest, Math.abs(before[i]), Math.abs(after[i]));
  let count = 0;
  for (let i = 0; i < before.length; i++) if (Math.abs(before[i] - after[i]) > largest / 10) count++;
  return count;
}

/** The map with the largest sum. @param {Tensor} maps (C, H, W) */
export function strongestMap({ shape: [channels, height, width], data }) {
  const sums = new Array(channels).fill(0);
  for (let i = 0; i < data.length; i++) sums[Math.floor(i / (height * width))] += data[i];
  return sums.indexOf(Math.max(...sums));
}
