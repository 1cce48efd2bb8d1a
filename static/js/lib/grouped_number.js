/**
 * A whole number with a narrow space between its thousands.
 *
 * @param {number} value
 * @returns {string}
 */
export function groupedNumber(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
