import { queryOf } from "../frame/address_table.js";

/**
 * Where a step of the lesson begins: its page in its state.
 *
 * @param {Record<string, string>} paths of the pages by their nouns
 * @param {import("./steps.js").LessonStep} step
 * @returns {string}
 */
export function lessonAddress(paths, { name, page, state }) {
  return `${paths[page]}?${queryOf({ ...state, lesson: name })}`;
}
