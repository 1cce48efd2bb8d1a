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
