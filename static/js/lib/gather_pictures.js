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
