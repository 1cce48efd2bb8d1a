import { decimalMark, marked } from "../frame/decimal.js";

/**
 * A number with as many decimals as it deserves, a true minus sign and the visitor's decimal mark.
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
  return marked(value < 0 && Number(text) !== 0 ? `−${text}` : text);
}

/** @param {number} size */
function significant(size) {
  if (Number.isInteger(size)) return String(size);
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
  return text === "-0" ? "0" : marked(text.replace("-", "−"));
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

/**
 * A whole number with a narrow space between its thousands.
 *
 * @param {number} value
 * @returns {string}
 */
export function groupedNumber(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * A number as people write it: with a decimal point or comma, a hyphen or a true minus sign, or as a fraction.
 *
 * @param {string} text
 * @returns {number | undefined} undefined where it is none, or not finite
 */
export function parseNumber(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const [top, bottom = "1", ...more] = plain.split("/");
  if (more.length || top.trim() === "" || bottom.trim() === "") return undefined;
  const value = Number(top) / Number(bottom);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * @typedef {{matrix: number[][]} | {code: "empty" | "ragged" | "not_number" | "too_many", values: Record<string, string | number>}} ParsedMatrix
 */

/**
 * A matrix as people write or paste it, and as an address has it (1,2;3,4). What sets rows and numbers apart is decided from
 * the whole text, so that 1,2 is two numbers in one text and 1.2 in another; alone on its line it is what the mark says.
 *
 * @param {string} text
 * @param {number} most values accepted
 * @param {import("../frame/typeset.js").DecimalMark} [mark] the visitor's
 * @returns {ParsedMatrix}
 */
export function parseMatrix(text, most, mark = decimalMark()) {
  const rows = cellsOf(text, mark);
  if (!rows.length) return { code: "empty", values: {} };
  const ragged = rows.findIndex((row) => row.length !== rows[0].length);
  if (ragged > 0)
    return { code: "ragged", values: { row: ragged + 1, found: rows[ragged].length, wanted: rows[0].length } };
  if (rows.length * rows[0].length > most)
    return { code: "too_many", values: { found: rows.length * rows[0].length, most } };
  const wrong = rows.flat().find((word) => parseNumber(word) === undefined);
  if (wrong !== undefined) return { code: "not_number", values: { text: wrong } };
  return { matrix: rows.map((row) => row.map((word) => /** @type {number} */ (parseNumber(word)))) };
}

/**
 * The words of a matrix, row by row. Numbers are apart by the strongest separator there is: tabs, else semicolons (as in the
 * CSV of a spreadsheet with decimal commas), else commas with a blank behind, else blanks, else commas. Semicolons in a
 * single line set rows apart, as in an address, if as many numbers stand between them each time, and more than one.
 *
 * @param {string} text
 * @param {import("../frame/typeset.js").DecimalMark} mark
 * @returns {string[][]}
 */
function cellsOf(text, mark) {
  const lines = text
    .split(/\r?\n|\s\/\s/)
    .map((line) => line.trim().replace(/\s*;$/, ""))
    .filter(Boolean);
  const tabbed = lines.some((line) => line.includes("\t"));
  const parts = (lines[0] ?? "").split(";").map((part) => part.trim());
  const counts = new Set(parts.map((part) => part.split(/[\s,]+/).length));
  const rows = lines.length === 1 && !tabbed && counts.size === 1 && !counts.has(1) ? parts : lines;
  const between = [/\t/, /\s*;\s*/, /,\s+/, /\s+/, /,/].find((separator) => rows.some((row) => separator.test(row)));
  if (mark === "," && between?.source === "," && rows.every((row) => row.split(",").length <= 2))
    return rows.map((row) => [row]);
  return rows.map((row) => (between ? row.split(between) : [row]).map((word) => word.trim()));
}
