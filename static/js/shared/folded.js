/**
 * Words as they are searched for: without accents, without capitals.
 *
 * @param {string} words
 */
export const folded = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").toLowerCase();

/**
 * Those whose name has all the parts of what is searched for; first those whose name begins with it.
 *
 * @template {{name: string}} T
 * @param {T[]} named
 * @param {string} wanted
 * @returns {T[]}
 */
export function searched(named, wanted) {
  const parts = folded(wanted).split(/\s+/).filter(Boolean);
  const found = named.filter(({ name }) => parts.every((part) => folded(name).includes(part)));
  const first = parts.join(" ");
  const begins = found.filter(({ name }) => folded(name).startsWith(first));
  return [...begins, ...found.filter((one) => !begins.includes(one))];
}
