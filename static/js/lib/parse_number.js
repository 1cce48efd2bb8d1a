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
