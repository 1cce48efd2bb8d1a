/**
 * Moves labels along a line so that none overlap, in the order of the places they want, and the squares of the moves
 * are the least (isotonic regression by pooling neighbours).
 *
 * @param {number[]} wanted their middles
 * @param {number} size room that each needs
 * @param {number} low where the first may begin, as far as there is room for all
 * @param {number} high where the last may end
 * @returns {number[]} their middles, in the order given
 */
export function spreadLabels(wanted, size, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  /** @type {{sum: number, members: number[]}[]} */
  const pools = [];
  order.forEach((label, rank) => {
    let pool = { sum: wanted[label] - rank * size, members: [label] };
    while (pools.length && mean(pools[pools.length - 1]) > mean(pool)) {
      const before = /** @type {typeof pool} */ (pools.pop());
      pool = { sum: before.sum + pool.sum, members: [...before.members, ...pool.members] };
    }
    pools.push(pool);
  });
  const last = high - size * (wanted.length - 0.5);
  const places = wanted.slice();
  let rank = 0;
  for (const pool of pools) {
    const start = Math.max(Math.min(mean(pool), last), low + size / 2);
    for (const label of pool.members) places[label] = start + rank++ * size;
  }
  return places;
}

/** @param {{sum: number, members: number[]}} pool */
function mean({ sum, members }) {
  return sum / members.length;
}
