import { runnerUp } from "./statistics.js";

/** What one digit needs to have for the digit network to be sure; its card tells how much of nothing reaches that. */
export const SURE = 0.9;

/** What two digits need to have between them for the question to be which of the two it is. */
const BETWEEN_TWO = 0.75;

/**
 * How far the digit network's answer is to be believed: it learnt to give pictures of nothing ten equal chances.
 *
 * @param {ArrayLike<number>} probabilities of the ten digits
 * @returns {"sure" | "between" | "none"} of one digit, hesitating between two, or none that it knows
 */
export function sureness(probabilities) {
  const [first, second] = runnerUp(probabilities);
  if (probabilities[first] >= SURE) return "sure";
  return probabilities[first] + probabilities[second] >= BETWEEN_TWO ? "between" : "none";
}
