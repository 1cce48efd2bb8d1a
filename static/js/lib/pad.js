/**
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {"zeros" | "reflect" | "replicate" | "circular"} PaddingMode
 */

/** For place `i` of a side with `n` values: the place that its value comes from. */
const SOURCES = {
  reflect: (/** @type {number} */ i, /** @type {number} */ n) => (i < 0 ? -i : i < n ? i : 2 * (n - 1) - i),
  replicate: (/** @type {number} */ i, /** @type {number} */ n) => Math.min(Math.max(i, 0), n - 1),
  circular: (/** @type {number} */ i, /** @type {number} */ n) => (i + n) % n,
  zeros: (/** @type {number} */ i, /** @type {number} */ n) => (i < 0 || i >= n ? -1 : i),
};

/**
 * @param {Tensor} input (C, H, W)
 * @param {import("./padding_of.js").Border} border
 * @param {PaddingMode} mode
 * @returns {Tensor} (C, top + H + bottom, left + W + right)
 */
export function pad(input, { top, left, bottom, right }, mode) {
  if (!(top || left || bottom || right)) return input;
  const [channels, height, width] = input.shape;
  const rows = places(top, height, bottom, mode);
  const columns = places(left, width, right, mode);
  const data = new Float32Array(channels * rows.length * columns.length);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const row of rows) {
      const from = (channel * height + row) * width;
      for (const column of columns) data[at++] = row < 0 || column < 0 ? 0 : input.data[from + column];
    }
  }
  return { shape: [channels, rows.length, columns.length], data };
}

/**
 * @param {number} before
 * @param {number} size
 * @param {number} after
 * @param {PaddingMode} mode
 */
function places(before, size, after, mode) {
  return Int32Array.from({ length: before + size + after }, (_, i) => SOURCES[mode](i - before, size));
}
