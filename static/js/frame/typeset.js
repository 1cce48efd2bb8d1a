/**
 * @typedef {"." | ","} DecimalMark
 */

/** A number with decimals, and not an address (127.0.0.1), a version (2.11.0) or part of a name (block3.2). */
const DECIMAL = /(?<![\w.,])(\d+)\.(?=\d+(?![\d]|[.]\d))/g;
/** Blanks that no line may break at: before and after signs that lean on a word, and before a unit. */
const BEFORE_A_SIGN = / (?=[%:;?!»])/g;
const AFTER_A_QUOTE = /« /g;
const BEFORE_A_UNIT = /(?<=[\d}]) (?=(?:MB|Mo|bits?|nats?|px|s)(?![\w]))/g;
/** A large number in a sentence, and not what is quoted, a port or part of a name. */
const WITHIN = /(?<![\w.,:/«“"'-])\d{5,}(?!\w)/g;

/** The whole part of a number that begins with five figures or more. */
const LARGE = /^(\D*)(\d{5,})(?=$|\.)/;

/**
 * A number with a narrow space between its thousands, from five figures on, as SI has it. It is the same in every language: a
 * comma or a point there could be taken for the decimal mark, which is the visitor's choice.
 *
 * @param {string} number with a point
 */
export const grouped = (number) =>
  number.replace(LARGE, (_, sign, figures) => sign + figures.replace(/\B(?=(\d{3})+$)/g, "\u202f"));

/** A number without what `grouped` puts into it. @param {string} text */
export const ungrouped = (text) => text.replace(/(?<=\d)\u202f(?=\d{3})/g, "");

/**
 * A sentence as it is set: its decimals with the visitor's mark, thousands apart, and no line broken before a sign or a unit.
 *
 * @param {string} text
 * @param {DecimalMark} [mark]
 * @returns {string}
 */
export function typeset(text, mark = ".") {
  const apart = text.replace(WITHIN, grouped);
  const set = apart.replace(BEFORE_A_SIGN, "\u00a0").replace(AFTER_A_QUOTE, "«\u00a0").replace(BEFORE_A_UNIT, "\u00a0");
  return mark === "." ? set : set.replace(DECIMAL, `$1${mark}`);
}

/** English says an 8. @param {string} text @returns {string} */
export const articled = (text) => text.replace(/\b([Aa]) (?=8|11\b|18\b)/g, "$1n ");
