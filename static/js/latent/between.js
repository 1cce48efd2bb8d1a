/**
 * Between two codes along an arc, their lengths interpolated too (Shoemake, 1985). Straight where an arc makes no sense:
 * codes that point the same way, the opposite way, or nowhere.
 *
 * @param {ArrayLike<number>} start
 * @param {ArrayLike<number>} end
 * @param {number} share 0..1
 * @returns {number[]}
 */
export function spherical(start, end, share) {
  const [a, b] = [start, end].map((code) => Math.hypot(...Array.from(code)));
  const cosine = Array.from(start, (value, i) => value * end[i]).reduce((x, y) => x + y, 0) / (a * b);
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  if (!(Math.sin(angle) > 1e-6)) return Array.from(start, (value, i) => value + share * (end[i] - value));
  const long = (a + share * (b - a)) / Math.sin(angle);
  const [from, to] = [(Math.sin((1 - share) * angle) / a) * long, (Math.sin(share * angle) / b) * long];
  return Array.from(start, (value, i) => from * value + to * end[i]);
}

/**
 * Between two rows of numbers in a straight line.
 *
 * @param {ArrayLike<number>} start
 * @param {ArrayLike<number>} end
 * @param {number} share 0..1
 * @returns {number[]}
 */
export function lerp(start, end, share) {
  return Array.from(start, (value, i) => value + share * (end[i] - value));
}

/**
 * The codes nearest to a place.
 *
 * @param {Float32Array} codes (N, Z)
 * @param {ArrayLike<number>} z (Z,)
 * @param {number} count
 * @returns {{index: number, distance: number}[]} nearest first
 */
export function nearestCodes(codes, z, count) {
  /** @type {{index: number, distance: number}[]} squared distances meanwhile */
  const found = [];
  let farthest = Infinity;
  for (let index = 0, at = 0; at < codes.length; index++) {
    let distance = 0;
    for (let i = 0; i < z.length; i++, at++) distance += (codes[at] - z[i]) ** 2;
    if (distance >= farthest) continue;
    const place = found.findIndex((one) => one.distance > distance);
    found.splice(place < 0 ? found.length : place, 0, { index, distance });
    if (found.length > count) found.pop();
    if (found.length === count) farthest = found[count - 1].distance;
  }
  return found.map(({ index, distance }) => ({ index, distance: Math.sqrt(distance) }));
}

/**
 * Pictures one after another in one array.
 *
 * @param {ArrayLike<number>[]} pictures of 784 values each
 * @returns {Float32Array<ArrayBuffer>}
 */
export function gatherPictures(pictures) {
  const all = new Float32Array(pictures.length * 784);
  pictures.forEach((picture, i) => all.set(picture, 784 * i));
  return all;
}
