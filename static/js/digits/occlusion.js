/**
 * How much a score falls when a dark square covers part of a picture: for each pixel the mean fall over the squares that
 * covered it (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2013).
 *
 * A generator, so that the page stays alive: each step covers one square.
 *
 * @param {(picture: Float32Array<ArrayBuffer>) => number} score
 * @param {Float32Array} picture side x side
 * @param {number} side
 * @param {number} size of the square
 * @param {number} stride
 * @returns {Generator<undefined, Float32Array<ArrayBuffer>>} finally side x side falls
 */
export function* occlusion(score, picture, side, size, stride) {
  const whole = score(Float32Array.from(picture));
  const falls = new Float64Array(side * side);
  const counts = new Float64Array(side * side);
  for (let top = 0; top + size <= side; top += stride) {
    for (let left = 0; left + size <= side; left += stride) {
      const covered = Float32Array.from(picture);
      const cells = square(top, left, size, side);
      if (cells.some((at) => picture[at] > 0)) {
        for (const at of cells) covered[at] = 0;
        const fall = whole - score(covered);
        for (const at of cells) falls[at] += fall;
        yield;
      }
      for (const at of cells) counts[at]++;
    }
  }
  return Float32Array.from(falls, (fall, i) => (counts[i] ? fall / counts[i] : 0));
}

/** @param {number} top @param {number} left @param {number} size @param {number} side */
function square(top, left, size, side) {
  return Array.from({ length: size * size }, (_, i) => (top + Math.floor(i / size)) * side + left + (i % size));
}
