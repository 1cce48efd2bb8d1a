import { accepting, listOf, oneOf, wholeFrom } from "../frame/accepted.js";

/**
 * Everything that the image page's visitor has chosen.
 *
 * @typedef {object} ImageState
 * @property {string} image
 * @property {"255" | "1" | "hex"} notation how a number is written
 * @property {string} channels those that are on, of "rgb"
 * @property {boolean} tint whether a channel apart is painted in its colour
 * @property {number} size longest side of the coarse picture
 * @property {[number, number]} unit row and column of the pixel that is touched
 * @property {number} channel whose numbers are shown
 * @property {number} rank of the tensor on the ladder
 * @property {number[]} index into it
 * @property {"picture" | "letter" | "codes"} example what the matrix of the ladder is of
 */

/** @type {ImageState} */
const FIRST = {
  image: "sample-cat",
  notation: "255",
  channels: "rgb",
  tint: true,
  size: 64,
  unit: [124, 186],
  channel: 0,
  rank: 1,
  index: [],
  example: "picture",
};

/** What of an address is taken. @type {Record<keyof ImageState, import("../frame/accepted.js").Accepts>} */
export const IMAGE_ACCEPTS = {
  image: Boolean,
  notation: oneOf(["255", "1", "hex"]),
  channels: accepting((word) => /^r?g?b?$/.test(word), "rgb"),
  tint: (value) => typeof value === "boolean",
  size: wholeFrom(1, 512),
  unit: listOf(wholeFrom(0), 2),
  channel: wholeFrom(0, 2),
  rank: wholeFrom(1, 5),
  index: accepting(
    (values) =>
      values.length <= 5 && values.every((/** @type {number} */ one) => Number.isSafeInteger(one) && one >= 0),
    "index",
    { most: 5 },
  ),
  example: oneOf(["picture", "letter", "codes"]),
};

/**
 * The state that an address says; what it leaves out, or what makes no sense, is as on a first visit.
 *
 * @param {Record<string, any>} url
 * @returns {ImageState}
 */
export function imageStateFromUrl(url) {
  const known = Object.entries(IMAGE_ACCEPTS).filter(([name, accepts]) => name in url && accepts(url[name]));
  return { ...FIRST, ...Object.fromEntries(known.map(([name]) => [name, url[name]])) };
}

/**
 * What differs from a first visit; undefined for the rest.
 *
 * @param {ImageState} state
 * @returns {Record<string, any>}
 */
export function imageStateToUrl(state) {
  const pairs = Object.entries(state).map(([name, value]) => [
    name,
    String(value) === String(FIRST[/** @type {keyof ImageState} */ (name)]) ? undefined : value,
  ]);
  return Object.fromEntries(pairs);
}
