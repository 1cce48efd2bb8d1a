import { queryOf } from "../frame/address_table.js";
import { formatPart, parsePart } from "./part.js";
import { lessonSteps } from "./steps.js";

/** @typedef {import("./steps.js").LessonStep} LessonStep */

/**
 * Where a step of the lesson begins: its page in its state.
 *
 * @param {Record<string, string>} paths of the pages by their nouns
 * @param {LessonStep} step
 * @param {LessonStep[]} part of the lesson that it is a step of
 * @returns {string}
 */
export function stepAddress(paths, { name, page, state }, part) {
  return `${paths[page]}?${queryOf({ ...state, lesson: name, steps: partOf(part) })}`;
}

/**
 * The lesson's own page, with no more than a part of its steps.
 *
 * @param {Record<string, string>} paths of the pages by their nouns
 * @param {LessonStep[]} part
 * @returns {string}
 */
export function lessonAddress(paths, part) {
  const query = queryOf({ steps: partOf(part) });
  return paths.lesson + (query && `?${query}`);
}

/** @param {LessonStep[]} part @returns {string | undefined} undefined where it is the whole lesson */
function partOf(part) {
  return part.length === lessonSteps.length ? undefined : formatPart(part.map(numberOf));
}

/** The number of a step in the whole lesson, from 1. @param {LessonStep} step */
export function numberOf(step) {
  return lessonSteps.indexOf(step) + 1;
}

/**
 * The part that an address asks for.
 *
 * @param {string | undefined} text
 * @returns {{assigned: LessonStep[], refused: string}} the whole lesson where it asks for none, or is refused: then its text
 */
export function readPart(text) {
  if (text === undefined) return { assigned: lessonSteps, refused: "" };
  const numbers = parsePart(text, lessonSteps.length);
  return numbers
    ? { assigned: numbers.map((number) => lessonSteps[number - 1]), refused: "" }
    : { assigned: lessonSteps, refused: text || " " };
}
