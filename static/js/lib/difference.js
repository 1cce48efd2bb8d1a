/** @typedef {import("../digits/forward.js").Activations} Activations */

/**
 * How far two sets of activations are apart.
 *
 * @param {Activations} own
 * @param {Activations} theirs with all names of `own`
 * @returns {{count: number, largest: number}} values compared, largest absolute difference
 */
export function difference(own, theirs) {
  let count = 0;
  let largest = 0;
  for (const [name, { data }] of Object.entries(own)) {
    const other = theirs[name].data;
    count += data.length;
    for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i] - other[i]));
  }
  return { count, largest };
}
