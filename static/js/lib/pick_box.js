/**
 * The first box that a ray meets, by the slab method (Kay and Kajiya, "Ray tracing complex scenes", 1986).
 *
 * @param {ArrayLike<number>} origin x, y, z
 * @param {ArrayLike<number>} direction x, y, z; need not be of length 1
 * @param {ArrayLike<number>} boxes six numbers for each box: the smallest x, y, z and the largest x, y, z
 * @param {number} [from] number of the first box to look at
 * @param {number} [to] number after the last box to look at
 * @returns {{index: number, distance: number} | null} distance in lengths of `direction`; 0 where the origin is inside
 */
export function pickBox(origin, direction, boxes, from = 0, to = boxes.length / 6) {
  const inverse = [1 / direction[0], 1 / direction[1], 1 / direction[2]];
  let nearest = Infinity;
  let index = -1;
  for (let i = from; i < to; i++) {
    const distance = entry(origin, inverse, boxes, i * 6);
    if (distance < nearest) {
      nearest = distance;
      index = i;
    }
  }
  return index < 0 ? null : { index, distance: nearest };
}

/**
 * How far along the ray the box begins; infinity where it is missed.
 *
 * @param {ArrayLike<number>} origin
 * @param {number[]} inverse
 * @param {ArrayLike<number>} boxes
 * @param {number} at
 */
function entry(origin, inverse, boxes, at) {
  let near = 0;
  let far = Infinity;
  for (let axis = 0; axis < 3; axis++) {
    const a = (boxes[at + axis] - origin[axis]) * inverse[axis];
    const b = (boxes[at + 3 + axis] - origin[axis]) * inverse[axis];
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  // A ray within the plane of a face makes 0 * infinity, which is no number and counts as a miss.
  return near <= far ? near : Infinity;
}
