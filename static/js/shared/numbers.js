import { decimalMark, readable } from "../frame/decimal.js";

export { parseNumber } from "../frame/written_numbers.js";

/**
 * A number with as many decimals as it deserves, a true minus sign, its thousands apart and the visitor's decimal mark.
 *
 * @param {number} value
 * @param {number} [decimals] fixed decimals; left out, three significant digits and whole numbers as they are
 * @returns {string}
 */
export function formatNumber(value, decimals) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = decimals === undefined ? significant(size) : size.toFixed(decimals);
  return readable(value < 0 && Number(text) !== 0 ? `−${text}` : text);
}

/** @param {number} size */
function significant(size) {
  if (Number.isSafeInteger(size)) return String(size);
  if (size >= 1e6 || size < 1e-4) return size.toExponential(2);
  if (size >= 1000) return String(Math.round(size));
  return String(Number(size.toPrecision(3)));
}

/**
 * A number as exact as float32 knows it, without the noise behind: 0.6 rather than 0.6000000238418579.
 *
 * @param {number} value
 * @param {number} [digits] significant ones
 * @returns {string}
 */
export function exactNumber(value, digits = 7) {
  const text = String(Number(value.toPrecision(digits)));
  return text === "-0" ? "0" : readable(text.replace("-", "−"));
}

/**
 * How many decimals multiples of a number have: 2 for 0.25, 7 where 6 are too few.
 *
 * @param {number} step above 0
 */
export function decimalsOf(step) {
  const isWhole = (/** @type {number} */ one) => Math.round(one) > 0 && Math.abs(one - Math.round(one)) < 1e-6 * one;
  let decimals = 0;
  while (decimals < 7 && !isWhole(step * 10 ** decimals)) decimals += 1;
  return decimals;
}

/**
 * A share in percent, which no line breaks before its sign.
 *
 * @param {number} share 0..1
 * @param {number} [decimals]
 * @returns {string}
 */
export const formatPercent = (share, decimals = 1) => `${formatNumber(100 * share, decimals)}\u00a0%`;

/**
 * Numbers one after the other: a comma stands between them where none stands in them.
 *
 * @param {ArrayLike<number>} values
 * @param {number} [decimals]
 * @returns {string}
 */
export const numberList = (values, decimals) =>
  Array.from(values, (value) => formatNumber(value, decimals)).join(listMark());

/** What stands between numbers in a row. */
export const listMark = () => (decimalMark() === "," ? "; " : ", ");

/**
 * A sum of numbers that were rounded for the eye: two decimals more than nothing, and never less than its whole part.
 *
 * @param {number} value
 */
export const sumNumber = (value) =>
  Number.isInteger(value) ? exactNumber(value) : exactNumber(value, Math.max(5, String(Math.trunc(value)).length + 2));
