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
    return { ...empty, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return empty; // what was kept is not ours, or this browser keeps nothing
  }
}

/** @param {Partial<LessonProgress>} change */
export function keepProgress(change) {
  keep(KEY, JSON.stringify({ ...readProgress(), ...change }));
}

/** @param {string} name @param {StepProgress} change */
export function keepStep(name, change) {
  const { steps } = readProgress();
  keepProgress({ steps: { ...steps, [name]: { ...steps[name], ...change } } });
}

/** Forgets answers, tasks and pictures; the teacher's notes stay as they are. */
export function forgetProgress() {
  keepProgress({ steps: {}, last: "" });
  for (const key of Object.keys(localStorage)) if (key.startsWith(PICTURE)) localStorage.removeItem(key);
}

/** @param {string} name of a step @returns {string} its picture as a data: address; "" where there is none */
export function keptPicture(name) {
  try {
    return localStorage.getItem(PICTURE + name) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} name of a step @param {string} address of its picture, data: */
export function keepPicture(name, address) {
  keep(PICTURE + name, address);
}

/** @param {string} key @param {string} text */
function keep(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Full, or forbidden: the lesson goes on, it only is not remembered.
  }
}
