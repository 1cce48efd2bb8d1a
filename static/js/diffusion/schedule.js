/**
 * How much of the picture is left at each step, and the sums that lead from one to the other: models/diffusion/schedule.py.
 *
 * @typedef {object} Schedule
 * @property {Float32Array} a share of the picture at steps 0 (clean) to 1000 (noise)
 * @property {Float32Array} s share of the noise
 */

/** Clean pixels, -1..1, with their noise. @param {Schedule} schedule @param {ArrayLike<number>} clean @param {ArrayLike<number>} noise @param {number} step */
export const noisy = ({ a, s }, clean, noise, step) => mixed(a[step], clean, s[step], noise);

/** The velocity that leads from the one to the other. @param {Schedule} schedule @param {ArrayLike<number>} clean @param {ArrayLike<number>} noise @param {number} step */
export const velocity = ({ a, s }, clean, noise, step) => mixed(a[step], noise, -s[step], clean);

/** The clean pixels in noisy ones. @param {Schedule} schedule @param {ArrayLike<number>} x @param {ArrayLike<number>} v @param {number} step */
export const cleanOf = ({ a, s }, x, v, step) => mixed(a[step], x, -s[step], v);

/** The noise in noisy pixels. @param {Schedule} schedule @param {ArrayLike<number>} x @param {ArrayLike<number>} v @param {number} step */
export const noiseOf = ({ a, s }, x, v, step) => mixed(s[step], x, a[step], v);

/** A picture's pixels, 0..1, as the network has them, -1..1. @param {ArrayLike<number>} picture */
export const centred = (picture) => Float32Array.from(picture, (value) => 2 * value - 1);

/** Pixels -1..1 as a picture's, 0..1; what lies outside is cut. @param {ArrayLike<number>} pixels */
export const pictureOf = (pixels) => Float32Array.from(pixels, (value) => Math.min(1, Math.max(0, (value + 1) / 2)));

/** w a + u b, number by number. @param {number} w @param {ArrayLike<number>} a @param {number} u @param {ArrayLike<number>} b */
function mixed(w, a, u, b) {
  return Float32Array.from(a, (value, i) => w * value + u * b[i]);
}
