import { remember, remembered } from "../frame/storage.js";

/**
 * @typedef {import("./forward.js").Activations} Activations
 * @typedef {{count: number, largest: number}} Difference how many values were compared, and the largest difference
 */

const NAME = "checked";
const MOST = 8;

/** What came of comparing these very numbers with the server's, in this visit or an earlier one. @param {Activations} own @returns {Difference | null} */
export const checkedBefore = (own) => all().find(({ of }) => of === digestOf(own))?.found ?? null;

/** Remembers what came of a comparison. @param {Activations} own @param {Difference} found */
export function rememberChecked(own, found) {
  const of = digestOf(own);
  const others = all().filter((one) => one.of !== of);
  remember(NAME, JSON.stringify([{ of, found }, ...others].slice(0, MOST)));
}

/** @returns {{of: string, found: Difference}[]} */
function all() {
  try {
    return JSON.parse(remembered(NAME) ?? "[]");
  } catch {
    return []; // somebody else wrote there
  }
}

/** Changes with every bit of every number: two sums of FNV-1a, which begin apart. @param {Activations} own */
function digestOf(own) {
  let [one, two] = [0x811c9dc5, 0x01234567];
  for (const { data } of Object.values(own)) {
    const bits = new Uint32Array(Float32Array.from(data).buffer);
    for (let i = 0; i < bits.length; i++) {
      one = Math.imul(one ^ bits[i], 0x01000193);
      two = Math.imul(two ^ (bits[i] >>> 7) ^ (bits[i] << 25), 0x01000193);
    }
  }
  return [one, two].map((sum) => (sum >>> 0).toString(16)).join("-");
}
