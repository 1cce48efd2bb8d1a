/**
 * @typedef {"." | ","} DecimalMark
 */

/** A number with decimals, and not an address (127.0.0.1), a version (2.11.0) or part of a name (block3.2). */
const DECIMAL = /(?<![\w.,])(\d+)\.(?=\d+(?![\d]|[.]\d))/g;
/** Blanks that no line may break at: before and after signs that lean on a word, and before a unit. */
const BEFORE_A_SIGN = / (?=[%:;?!»])/g;
const AFTER_A_QUOTE = /« /g;
const BEFORE_A_UNIT = /(?<=[\d}]) (?=(?:MB|Mo|bits?|nats?|px|s)(?![\w]))/g;

/**
 * A sentence as it is set: its decimals with the visitor's mark, and no line broken before a sign or a unit.
 *
 * @param {string} text
 * @param {DecimalMark} [mark]
 * @returns {string}
 */
export function typeset(text, mark = ".") {
  const set = text.replace(BEFORE_A_SIGN, "\u00a0").replace(AFTER_A_QUOTE, "«\u00a0").replace(BEFORE_A_UNIT, "\u00a0");
  return mark === "." ? set : set.replace(DECIMAL, `$1${mark}`);
}

/** English says an 8. @param {string} text @returns {string} */
export const articled = (text) => text.replace(/\b([Aa]) (?=8|11\b|18\b)/g, "$1n ");
