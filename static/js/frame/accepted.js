/**
 * What of an address is taken, as a test and, for whoever wrote something else there, as a code and the values that its words
 * need.
 *
 * @typedef {{code: string, values?: Record<string, any>}} Wanted
 * @typedef {((value: any) => boolean) & {wanted?: Wanted}} Accepts
 */

/** @param {(value: any) => boolean} test @param {string} code @param {Record<string, any>} [values] @returns {Accepts} */
export const accepting = (test, code, values = {}) =>
  Object.assign((/** @type {any} */ value) => test(value), { wanted: { code, values } });

/** @param {number} least @param {number} [most] any that is exact where it is left out */
export const wholeFrom = (least, most = Number.MAX_SAFE_INTEGER) =>
  accepting(
    (value) => Number.isInteger(value) && value >= least && value <= most,
    most === Number.MAX_SAFE_INTEGER ? "whole_least" : "whole",
    { least, most },
  );

/** @param {number} least @param {number} most */
export const numberFrom = (least, most) =>
  accepting((value) => value >= least && value <= most, "number", { least, most });

/** @param {readonly any[]} list */
export const oneOf = (list) => accepting((value) => list.includes(value), "one_of", { list: list.filter(String) });

/** A place in a list. @param {ArrayLike<any>} list */
export const placeIn = ({ length }) => wholeFrom(0, length - 1);

/** @param {Accepts} each @param {number | null} [count] as many as there may be where it is left out */
export const listOf = (each, count = null) =>
  accepting(
    (/** @type {any[]} */ values) => (count === null || values.length === count) && values.every((one) => each(one)),
    count === null ? "list" : "list_of",
    { count, each: each.wanted },
  );
