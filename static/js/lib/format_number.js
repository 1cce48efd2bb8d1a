/**
 * A number with as many decimals as it deserves, a true minus sign and a decimal point in every language.
 *
 * @param {number} value
 * @param {number} [decimals] fixed decimals; left out, three significant digits and whole numbers as they are
 * @returns {string}
 */
export function formatNumber(value, decimals) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = decimals === undefined ? significant(value) : value.toFixed(decimals);
  const unsigned = text.replace("-", "");
  return text.startsWith("-") && Number(unsigned) !== 0 ? `−${unsigned}` : unsigned;
}

/** @param {number} value */
function significant(value) {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  if (size >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
