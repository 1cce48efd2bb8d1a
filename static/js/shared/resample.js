/**
 * A square cut out of a picture and resized: pixel (i, j) averages the square of `scale` that begins at row
 * top + i scale, column left + j scale. Where that is smaller than a pixel, bilinear between pixels; dark outside.
 *
 * @param {{shape: number[], data: ArrayLike<number>}} picture (H, W), 0..1
 * @param {number} top
 * @param {number} left
 * @param {number} scale pixels of the picture for each new one
 * @param {number} side new pixels in a row
 * @returns {Float32Array<ArrayBuffer>} side x side
 */
export function resample({ shape: [height, width], data }, top, left, scale, side) {
  const rows = shares(top, scale, side, height);
  const columns = shares(left, scale, side, width);
  const resized = new Float32Array(side * side);
  const line = new Float64Array(width);
  for (let i = 0; i < side; i++) {
    line.fill(0);
    for (const [y, share] of rows[i]) for (let x = 0; x < width; x++) line[x] += share * data[y * width + x];
    for (let j = 0; j < side; j++) {
      let sum = 0;
      for (const [x, share] of columns[j]) sum += share * line[x];
      resized[i * side + j] = Math.min(Math.max(sum, 0), 1);
    }
  }
  return resized;
}

/**
 * For each new pixel the old ones that go into it, along one axis, with their shares.
 *
 * @param {number} start
 * @param {number} scale
 * @param {number} side
 * @param {number} length
 * @returns {[number, number][][]}
 */
function shares(start, scale, side, length) {
  const reach = Math.max(scale, 1);
  return Array.from({ length: side }, (_, i) => {
    const first = start + (i + 0.5) * scale - reach / 2;
    /** @type {[number, number][]} */
    const inside = [];
    for (let at = Math.max(Math.floor(first), 0); at < Math.min(first + reach, length); at++) {
      const share = Math.min(first + reach, at + 1) - Math.max(first, at);
      if (share > 0) inside.push([at, share / reach]);
    }
    return inside;
  });
}
