import { parseNumber } from "./parse_number.js";

/**
 * @typedef {{matrix: number[][]} | {code: "empty" | "ragged" | "not_number" | "too_many", values: Record<string, string | number>}} ParsedMatrix
 */

/**
 * A matrix as people write or paste it: a row on each line (or between slashes or semicolons), numbers apart by blanks
 * or tabs.
 *
 * @param {string} text
 * @param {number} most values accepted
 * @returns {ParsedMatrix}
 */
export function parseMatrix(text, most) {
  const rows = text
    .split(/[\n;]|\s\/\s/)
    .map((row) => row.trim())
    .filter(Boolean)
    .map((row) => row.split(/[\s]+|,\s+/));
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
