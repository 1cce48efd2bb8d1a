/**
 * A square of a picture, moved or made larger, and kept within the picture.
 *
 * @typedef {{top: number, left: number, size: number}} Crop in pixels of the picture
 */

const SMALLEST = 8;

/**
 * @param {Crop} crop
 * @param {{down?: number, right?: number, grow?: number}} by in pixels of the picture; it grows about its middle unless `corner`
 * @param {{width: number, height: number}} picture
 * @param {boolean} [corner] whether its first row and column stay where they are when it grows
 * @returns {Crop} whole pixels
 */
export function moveCrop({ top, left, size }, { down = 0, right = 0, grow = 0 }, { width, height }, corner = false) {
  const most = corner ? Math.min(width - left, height - top) : Math.min(width, height);
  const side = Math.round(within(size + grow, Math.min(SMALLEST, width, height), most));
  const middle = corner ? 0 : (size - side) / 2;
  return {
    top: Math.floor(within(top + down + middle, 0, height - side)),
    left: Math.floor(within(left + right + middle, 0, width - side)),
    size: side,
  };
}

/** @param {number} value @param {number} least @param {number} most */
const within = (value, least, most) => Math.max(least, Math.min(value, most));
