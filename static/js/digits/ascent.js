/**
 * How far a picture is from another, in grey levels of 255.
 *
 * @param {ArrayLike<number>} from 0..1
 * @param {ArrayLike<number>} to 0..1
 * @returns {{change: Float32Array<ArrayBuffer>, largest: number, mean: number}} the change of each pixel, 0..1, and the largest
 *   and the mean one in grey levels, whichever way they go
 */
export function changeOf(from, to) {
  const change = Float32Array.from({ length: from.length }, (_, i) => to[i] - from[i]);
  const sizes = change.map((value) => 255 * Math.abs(value));
  const sum = sizes.reduce((total, size) => total + size, 0);
  return { change, largest: sizes.reduce((a, b) => Math.max(a, b), 0), mean: sum / sizes.length };
}
