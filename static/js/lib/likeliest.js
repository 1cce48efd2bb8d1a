/**
 * The likeliest class of each picture.
 *
 * @param {ArrayLike<number>} probabilities ten for each picture
 * @returns {Uint8Array}
 */
export function likeliest(probabilities) {
  const digits = new Uint8Array(probabilities.length / 10);
  for (let i = 0; i < digits.length; i++) {
    for (let digit = 1; digit < 10; digit++)
      if (probabilities[10 * i + digit] > probabilities[10 * i + digits[i]]) digits[i] = digit;
  }
  return digits;
}
