/**
 * Whether what was predicted is the answer: to a hundredth, as a pupil with a pencil rounds.
 *
 * @param {number} predicted
 * @param {number} answer
 * @returns {boolean}
 */
export function answersRight(predicted, answer) {
  return Math.abs(predicted - answer) <= 0.0101;
}
