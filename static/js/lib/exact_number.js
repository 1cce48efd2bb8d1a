/**
 * A number as exact as float32 knows it, without the noise behind: 0.6 rather than 0.6000000238418579.
 *
 * @param {number} value
 * @param {number} [digits] significant ones
 * @returns {string}
 */
export function exactNumber(value, digits = 7) {
  const text = String(Number(value.toPrecision(digits)));
  return text === "-0" ? "0" : text.replace("-", "−");
}
