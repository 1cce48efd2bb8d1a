/** @typedef {import("./safetensors.js").Tensor} Tensor */

/**
 * How undecided probabilities are, in bits: 0 when one is certain, log2(n) when all n are equal (Shannon, 1948).
 *
 * @param {ArrayLike<number>} probabilities
 * @returns {number}
 */
export function entropy(probabilities) {
  let bits = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] > 0) bits -= probabilities[i] * Math.log2(probabilities[i]);
  }
  return bits;
}

/**
 * How evenly counts are spread: 0 where all fall on one, log2(N) where all N are alike.
 *
 * @param {ArrayLike<number>} counts
 * @returns {number} bits
 */
export function entropyBits(counts) {
  const all = Array.from(counts);
  const sum = all.reduce((a, b) => a + b, 0);
  return entropy(all.map((count) => count / sum));
}

/**
 * Scores to probabilities: e to the power of each score, as a share of the sum of all.
 *
 * @param {ArrayLike<number>} scores
 * @param {number} [temperature] scores are divided by it first: above 1 flattens, below 1 sharpens
 * @returns {Float32Array<ArrayBuffer>}
 */
export function softmax(scores, temperature = 1) {
  const list = Array.from(scores);
  const largest = Math.max(...list);
  const powers = list.map((score) => Math.exp((score - largest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

/**
 * How many values lie in each of `bins` equal parts from `low` to `high`; `high` itself belongs to the last part, and what
 * lies outside is not counted.
 *
 * @param {ArrayLike<number>} values
 * @param {number} bins
 * @param {number} low
 * @param {number} high
 * @returns {number[]}
 */
export function histogram(values, bins, low, high) {
  const counts = new Array(bins).fill(0);
  const scale = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < low || value > high) continue;
    counts[Math.min(bins - 1, Math.floor((value - low) * scale))]++;
  }
  return counts;
}

/**
 * How alike two lists run: Pearson's coefficient, 1 where one rises with the other, 0 where neither says anything of the
 * other, -1 where one falls as the other rises.
 *
 * @param {ArrayLike<number>} first
 * @param {ArrayLike<number>} second as many values
 * @returns {number} NaN where all values of a list are the same
 */
export function correlation(first, second) {
  const [a, b] = [centred(first), centred(second)];
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** @param {ArrayLike<number>} values */
function centred(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return Float64Array.from(values, (value) => value - sum / values.length);
}

/** @param {Float64Array} a @param {Float64Array} b */
function dot(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/**
 * The likeliest class of each picture.
 *
 * @param {ArrayLike<number>} probabilities ten for each picture
 * @returns {Uint8Array}
 */
export function likeliest(probabilities) {
  const digits = new Uint8Array(probabilities.length / 10);
  for (let i = 0; i < digits.length; i++) {
    for (let digit = 1; digit < 10; digit++)
      if (probabilities[10 * i + digit] > probabilities[10 * i + digits[i]]) digits[i] = digit;
  }
  return digits;
}

/**
 * The places of the largest value and of the largest but one.
 *
 * @param {ArrayLike<number>} values two or more
 * @returns {[number, number]}
 */
export function runnerUp(values) {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a]);
  return [order[0], order[1]];
}

/**
 * The terms with the largest products, and what the others add up to.
 *
 * @template {{product: number}} T
 * @param {T[]} terms
 * @param {number} count
 * @returns {{first: T[], others: number, rest: number}} `others` of them make `rest`
 */
export function strongest(terms, count) {
  const sorted = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const rest = sorted.slice(count);
  return { first: sorted.slice(0, count), others: rest.length, rest: sumOf(rest) };
}

/**
 * The sum of the products of terms, in double precision.
 *
 * @param {{product: number}[]} terms
 * @returns {number}
 */
export function sumOf(terms) {
  return terms.reduce((sum, { product }) => sum + product, 0);
}

/**
 * How far two sets of activations are apart.
 *
 * @param {Record<string, Tensor>} own
 * @param {Record<string, Tensor>} theirs with all names of `own`
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

/**
 * Random numbers from N(0, 1), the same for the same seed: mulberry32 and the Box-Muller transform.
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function normals(seed) {
  const uniform = uniforms(seed);
  /** @type {number | null} */
  let spare = null;
  return () => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * Random numbers in 0..1 (1 excluded), the same for the same seed: mulberry32, a 32-bit counter that is well mixed.
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * The share of draws from a bell curve in the plane that lie within so many spreads of its middle: 1 − exp(−n² / 2).
 *
 * @param {number} spreads
 * @returns {number} 0..1
 */
export function shareWithin(spreads) {
  return 1 - Math.exp(-(spreads ** 2) / 2);
}
