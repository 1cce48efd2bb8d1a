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

const SMALLEST = 1e-7;

/**
 * Binary cross-entropy of grey-scale pixels, summed over a picture, in nats. Of a picture with itself it is the least
 * that any copy can have.
 *
 * @param {ArrayLike<number>} picture what should come out, 0..1
 * @param {ArrayLike<number>} copy what comes out, 0..1
 * @returns {number}
 */
export function crossEntropy(picture, copy) {
  let sum = 0;
  for (let i = 0; i < picture.length; i++) {
    const value = Math.min(Math.max(copy[i], SMALLEST), 1 - SMALLEST);
    sum -= picture[i] * Math.log(value) + (1 - picture[i]) * Math.log(1 - value);
  }
  return sum;
}

/**
 * KL(N(mu, sigma^2) || N(0, 1)) of each number of a code, in nats. Kingma and Welling, appendix B.
 *
 * @param {ArrayLike<number>} mu
 * @param {ArrayLike<number>} logVariance
 * @returns {number[]}
 */
export function klDivergence(mu, logVariance) {
  return Array.from(mu, (value, i) => 0.5 * (value * value + Math.exp(logVariance[i]) - 1 - logVariance[i]));
}
