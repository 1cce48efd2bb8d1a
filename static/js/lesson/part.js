/**
 * A part of the lesson as it is written in the address: "1-5", "1,3,7-9".
 *
 * @param {string} text
 * @param {number} count how many steps there are
 * @returns {number[] | undefined} numbers of the steps, from 1, in order; undefined where the text names none, or one
 *   that there is not
 */
export function parsePart(text, count) {
  const numbers = new Set();
  for (const piece of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,3})\s*(?:[-–]\s*(\d{1,3})\s*)?$/.exec(piece) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from >= 1 && from <= to && to <= count)) return undefined;
    for (let number = from; number <= to; number++) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/**
 * The same part, written as shortly as it can be.
 *
 * @param {number[]} numbers in order
 * @returns {string}
 */
export function formatPart(numbers) {
  /** @type {number[][]} */
  const runs = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}
