/**
 * Mean squared difference of two pictures, per pixel.
 *
 * @param {ArrayLike<number>} picture
 * @param {ArrayLike<number>} copy
 * @returns {number}
 */
export function squaredError(picture, copy) {
  let sum = 0;
  for (let i = 0; i < picture.length; i++) sum += (copy[i] - picture[i]) ** 2;
  return sum / picture.length;
}
