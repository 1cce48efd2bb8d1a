import { runnerUp } from "./statistics.js";

/** From here on the judge takes a picture for a digit. */
export const LEAST = 0.5;

/** What one digit needs to have for the digit network to be sure. */
export const SURE = 0.9;

/**
 * @typedef {object} Reading what is made of a picture
 * @property {Float32Array} probabilities of the ten digits: they add up to 1, whatever the picture shows
 * @property {number | null} judged how like a digit it is at all, 0..1; null where nobody judges
 */

/**
 * How far an answer is to be believed.
 *
 * @param {{probabilities: ArrayLike<number>, judged: number | null}} reading
 * @returns {"sure" | "between" | "none"} of one digit, hesitating between two, or no digit at all for the judge
 */
export function sureness({ probabilities, judged }) {
  if (judged !== null && judged < LEAST) return "none";
  return probabilities[runnerUp(probabilities)[0]] >= SURE ? "sure" : "between";
}
