import { forget, remember, remembered } from "../frame/storage.js";

/**
 * What a visitor has done of the lesson, kept in the browser.
 *
 * @typedef {object} StepProgress
 * @property {number | null} [predicted] null where the question was skipped
 * @property {boolean} [done] whether the task was done
 *
 * @typedef {object} LessonProgress
 * @property {Record<string, StepProgress>} steps by their name
 * @property {string} last the step that was opened last; "" at first
 * @property {boolean} notes whether the teacher's notes are shown
 * @property {boolean} folded whether the panel is folded
 */

const KEY = "lesson";
const PICTURE = "lesson.picture.";

/** @returns {LessonProgress} */
export function readProgress() {
  const empty = { steps: {}, last: "", notes: false, folded: false };
  try {
    return { ...empty, ...JSON.parse(remembered(KEY) ?? "{}") };
  } catch {
    return empty; // what was kept is not ours
  }
}

/** @param {Partial<LessonProgress>} change */
export function keepProgress(change) {
  remember(KEY, JSON.stringify({ ...readProgress(), ...change }));
}

/** @param {string} name @param {StepProgress} change */
export function keepStep(name, change) {
  const { steps } = readProgress();
  keepProgress({ steps: { ...steps, [name]: { ...steps[name], ...change } } });
}

/** Forgets what was answered and done in a step, which is done again. @param {string} name */
export function forgetStep(name) {
  const { steps } = readProgress();
  delete steps[name];
  keepProgress({ steps });
}

/** Forgets answers, tasks and pictures; the teacher's notes stay as they are. */
export function forgetProgress() {
  keepProgress({ steps: {}, last: "" });
  forget(PICTURE);
}

/** @param {string} name of a step @returns {string} its picture as a data: address; "" where there is none */
export function keptPicture(name) {
  return remembered(PICTURE + name) ?? "";
}

/** @param {string} name of a step @param {string} address of its picture, data: */
export function keepPicture(name, address) {
  remember(PICTURE + name, address);
}
