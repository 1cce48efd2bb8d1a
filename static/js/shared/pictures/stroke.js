/**
 * @typedef {{x: number, y: number}} Point in 0..1 of the pad
 * @typedef {{points: Point[], width: number, erase: boolean}} Stroke width in shares of the pad's side
 */

/**
 * Draws strokes into a square of values 0..1 (light on dark), anti-aliased: each pixel takes the share that the pen
 * covers of it, from its distance to the nearest piece of the line.
 *
 * @param {Stroke[]} strokes
 * @param {number} side pixels in a row
 * @param {Float32Array<ArrayBuffer>} [values] where to draw; empty if left out
 * @returns {Float32Array<ArrayBuffer>} side x side, row-major
 */
export function rasterise(strokes, side, values = new Float32Array(side * side)) {
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.points.length; i++) piece(stroke, i, side, values);
  }
  return values;
}

/**
 * @param {Stroke} stroke
 * @param {number} i the piece from point i - 1 to point i, or the dot where the stroke begins
 * @param {number} side
 * @param {Float32Array} values
 */
function piece({ points, width, erase }, i, side, values) {
  const from = points[Math.max(i - 1, 0)];
  const to = points[i];
  const radius = (width * side) / 2;
  const reach = radius + 1;
  const [ax, ay, bx, by] = [from.x * side, from.y * side, to.x * side, to.y * side];
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const [left, right] = span(ax, bx, reach, side);
  const [top, bottom] = span(ay, by, reach, side);
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      const along = length2 ? Math.min(Math.max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2, 0), 1) : 0;
      const distance = Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
      const cover = Math.min(Math.max(radius + 0.5 - distance, 0), 1);
      const at = row * side + column;
      values[at] = erase ? Math.min(values[at], 1 - cover) : Math.max(values[at], cover);
    }
  }
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} reach
 * @param {number} side
 */
function span(a, b, reach, side) {
  return [Math.max(Math.floor(Math.min(a, b) - reach), 0), Math.min(Math.ceil(Math.max(a, b) + reach), side)];
}
