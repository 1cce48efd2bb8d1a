import { exactNumber } from "../lib/exact_number.js";
import { t } from "../frame/i18n.js";

/**
 * How a value is painted, in words; says so where it lies outside what can be painted.
 *
 * @param {number} value
 * @param {import("../lib/display_mode.js").DisplayMode} mode
 * @param {number} full the value of white in the input
 * @param {boolean} colouredInput
 * @returns {string}
 */
export function paintedWords(value, { low, high, absolute, coloured }, full, colouredInput) {
  const seen = absolute ? Math.abs(value) : value;
  const bounded = Math.min(Math.max(seen, low), high);
  const exact = exactNumber(value);
  if (coloured) return colouredInput ? "" : t("Painted in the colour of {value}.", { value: exact });
  const grey = Math.round((255 * (bounded - low)) / (high - low));
  if (bounded !== seen)
    return t("Clamped: {value} lies outside {low} to {high} and is painted as {bounded}.", {
      value: exact,
      low: exactNumber(low),
      high: exactNumber(high),
      bounded: exactNumber(bounded),
    });
  if (grey === value && full === 255) return t("Painted as it is.");
  return t("Painted with brightness {grey} of 255.", { grey });
}
