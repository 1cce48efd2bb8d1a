/**
 * @typedef {[number, number, number]} Point
 * @typedef {{left: number, right: number, bottom: number, top: number}} Frustum tangents of the angles between the line
 *   of sight and what may be filled, all positive
 */

/**
 * The nearest place of a camera, looking in a given direction, from which every point is seen within the frustum.
 *
 * Each side of the frustum is a plane that the camera must keep behind the points; along each axis two such planes meet
 * where the distance is least, and the larger of the two axes' distances wins.
 *
 * @param {Point[]} points
 * @param {number} azimuth around the vertical, in radians; 0 looks from +z
 * @param {number} elevation over the horizon, in radians
 * @param {Frustum} frustum
 * @returns {{position: Point, target: Point, distance: number}} the target is on the line of sight, level with the points' middle
 */
export function fitView(points, azimuth, elevation, frustum) {
  const { right, up, back } = axes(azimuth, elevation);
  const [x, y, z] = [right, up, back].map((axis) => points.map((point) => dot(point, axis)));
  const across = gather(x, z, frustum.left, frustum.right);
  const along = gather(y, z, frustum.bottom, frustum.top);
  const distance = Math.max(across.distance, along.distance);
  const at = [across.centre(distance), along.centre(distance)];
  const middle = (Math.min(...z) + Math.max(...z)) / 2;
  const place = (/** @type {number} */ depth) =>
    /** @type {Point} */ ([0, 1, 2].map((i) => at[0] * right[i] + at[1] * up[i] + depth * back[i]));
  return { position: place(distance), target: place(middle), distance: distance - middle };
}

/**
 * @param {number} azimuth
 * @param {number} elevation
 * @returns {Record<"right" | "up" | "back", Point>}
 */
function axes(azimuth, elevation) {
  const [sine, cosine] = [Math.sin(azimuth), Math.cos(azimuth)];
  const [rise, level] = [Math.sin(elevation), Math.cos(elevation)];
  return {
    right: [cosine, 0, -sine],
    up: [-sine * rise, level, -cosine * rise],
    back: [sine * level, rise, cosine * level],
  };
}

/**
 * @param {number[]} offsets
 * @param {number[]} depths
 * @param {number} low tangent on the negative side
 * @param {number} high tangent on the positive side
 */
function gather(offsets, depths, low, high) {
  const highest = Math.max(...offsets.map((offset, i) => offset + high * depths[i]));
  const lowest = Math.max(...offsets.map((offset, i) => low * depths[i] - offset));
  return {
    distance: (highest + lowest) / (low + high),
    /** In the middle of what the two planes leave. @param {number} distance */
    centre: (distance) => (highest - high * distance + low * distance - lowest) / 2,
  };
}

/** @param {Point} a @param {Point} b */
function dot(a, b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

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
