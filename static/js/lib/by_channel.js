import { sumOf } from "./sum_of.js";

/**
 * @typedef {import("../digits/explain_unit.js").Term} Term
 * @typedef {{channel: number, terms: Term[], sum: number}} ChannelTerms
 */

/**
 * The terms of a convolution gathered by the channel that they read, the one that weighs most first.
 *
 * @param {Term[]} terms in the order of the kernel's weights
 * @returns {ChannelTerms[]}
 */
export function byChannel(terms) {
  /** @type {Map<number, Term[]>} */
  const channels = new Map();
  for (const term of terms) channels.set(term.unit[0], [...(channels.get(term.unit[0]) ?? []), term]);
  return [...channels]
    .map(([channel, own]) => ({ channel, terms: own, sum: sumOf(own) }))
    .sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
}
