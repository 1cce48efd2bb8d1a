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
  const size = Math.abs(value);
  const text = decimals === undefined ? significant(size) : size.toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** @param {number} size */
function significant(size) {
  if (Number.isInteger(size)) return String(size);
  if (size >= 1e6 || size < 1e-4) return size.toExponential(2);
  if (size >= 1000) return String(Math.round(size));
  return String(Number(size.toPrecision(3)));
}
