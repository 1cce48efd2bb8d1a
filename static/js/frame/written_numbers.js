import { ungrouped } from "./typeset.js";

/**
 * A number as people write it: with a decimal point or comma, a hyphen or a true minus sign, or as a fraction.
 *
 * @param {string} text
 * @returns {number | undefined} undefined where it is none, or not finite
 */
export function parseNumber(text) {
  const plain = ungrouped(text.trim()).replace("−", "-").replace(",", ".");
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
 * @param {import("./typeset.js").DecimalMark} [mark] the reader's; an address has a point
 * @returns {ParsedMatrix}
 */
export function parseMatrix(text, most, mark = ".") {
  const rows = cellsOf(ungrouped(text), mark);
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
 * A matrix as an address has it, to be read by `parseMatrix` whatever the reader's mark: rows by semicolons, numbers by commas.
 * Where that alone could be taken for something else, the last row ends in a semicolon too.
 *
 * @param {number[][]} rows
 */
export function writtenMatrix(rows) {
  const text = rows.map((row) => row.map(String).join(",")).join(";");
  return rows[0].length === 2 || (rows[0].length === 1 && rows.length > 1) ? `${text};` : text;
}

/**
 * The words of a matrix, row by row. Numbers are apart by the strongest separator there is: tabs, else semicolons (as in the
 * CSV of a spreadsheet with decimal commas), else commas with a blank behind, else blanks, else commas. Semicolons in a
 * single line set rows apart, as in an address, if it ends in one or if more than one number stands between them, as many
 * each time; with a decimal comma, two there are one with decimals.
 *
 * @param {string} text
 * @param {import("./typeset.js").DecimalMark} mark
 * @returns {string[][]}
 */
function cellsOf(text, mark) {
  const written = text.trim();
  if (!/[\n\t]/.test(written) && written.endsWith(";"))
    return written
      .slice(0, -1)
      .split(";")
      .map((row) => row.trim().split(/\s*,\s*|\s+/));
  const lines = text
    .split(/\r?\n|\s\/\s/)
    .map((line) => line.trim().replace(/\s*;$/, ""))
    .filter(Boolean);
  const tabbed = lines.some((line) => line.includes("\t"));
  const parts = (lines[0] ?? "").split(";").map((part) => part.trim());
  const counts = new Set(parts.map((part) => part.split(/[\s,]+/).length));
  const decimals = mark === "," && parts.every((part) => /^[^\s,.]*,[^\s,.]+$/.test(part));
  const rows = lines.length === 1 && !tabbed && counts.size === 1 && !counts.has(1) && !decimals ? parts : lines;
  const between = [/\t/, /\s*;\s*/, /,\s+/, /\s+/, /,/].find((separator) => rows.some((row) => separator.test(row)));
  if (mark === "," && !text.includes(".") && between?.source === "," && rows.every((row) => row.split(",").length <= 2))
    return rows.map((row) => [row]);
  return rows.map((row) => (between ? row.split(between) : [row]).map((word) => word.trim()));
}
