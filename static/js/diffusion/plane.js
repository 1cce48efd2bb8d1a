/**
 * How much of the point is left at a step, and how much noise is in it: a² + s² = 1.
 *
 * @typedef {{a: number, s: number}} Shares
 *
 * @typedef {{x: Float64Array, y: Float64Array}} PlanePoints
 * @typedef {[number, number]} Pair
 *
 * What is found at a noisy point: the velocity v = a e − s x0, from which both the noise e and the clean point x0 follow.
 * @typedef {(x: number, y: number, shares: Shares) => Pair} Velocity
 */

/** Beyond this many nats below the likeliest a point adds nothing that a sum in double precision would keep. */
const NEGLIGIBLE = 40;

/**
 * The mean of the clean point, given a noisy one, where the clean points are known: each weighs as much as it is likely to
 * have become the noisy one, exp(−|x − a xi|² / 2 s²).
 *
 * @param {PlanePoints} points
 * @param {number} x
 * @param {number} y
 * @param {Shares} shares s above 0
 * @returns {Pair}
 */
export function meanClean({ x: across, y: up }, x, y, { a, s }) {
  const scale = 1 / (2 * s * s);
  let nearest = Infinity;
  for (let i = 0; i < across.length; i++) {
    const right = x - a * across[i];
    const above = y - a * up[i];
    const square = right * right + above * above;
    if (square < nearest) nearest = square;
  }
  const least = nearest + NEGLIGIBLE / scale;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < across.length; i++) {
    const right = x - a * across[i];
    const above = y - a * up[i];
    const square = right * right + above * above;
    if (square > least) continue;
    const weight = Math.exp((nearest - square) * scale);
    sum += weight;
    sumX += weight * across[i];
    sumY += weight * up[i];
  }
  return [sumX / sum, sumY / sum];
}

/**
 * The slope of the logarithm of the density of noisy points, the score: (a x0 − x) / s².
 *
 * @param {PlanePoints} points
 * @param {number} x
 * @param {number} y
 * @param {Shares} shares s above 0
 * @returns {Pair}
 */
export function score(points, x, y, shares) {
  const { a, s } = shares;
  const [cleanX, cleanY] = meanClean(points, x, y, shares);
  return [(a * cleanX - x) / (s * s), (a * cleanY - y) / (s * s)];
}

/** The best answer that there is, where the clean points are known. @param {PlanePoints} points @returns {Velocity} */
export function bestVelocity(points) {
  return (x, y, shares) => {
    const { a, s } = shares;
    const [cleanX, cleanY] = meanClean(points, x, y, shares);
    return [(a * (x - a * cleanX)) / s - s * cleanX, (a * (y - a * cleanY)) / s - s * cleanY];
  };
}

/** A network's answer. @param {(input: ArrayLike<number>) => ArrayLike<number>} run x, y, a, s to two numbers @returns {Velocity} */
export function networkVelocity(run) {
  return (x, y, { a, s }) => {
    const [across, up] = Array.from(run([x, y, a, s]));
    return [across, up];
  };
}

/** The clean point that follows from a velocity: a x − s v. @param {Pair} point @param {Pair} velocity @param {Shares} shares @returns {Pair} */
export const cleanOf = ([x, y], [across, up], { a, s }) => [a * x - s * across, a * y - s * up];

/** The noise that follows from a velocity: s x + a v. @param {Pair} point @param {Pair} velocity @param {Shares} shares @returns {Pair} */
export const noiseOf = ([x, y], [across, up], { a, s }) => [s * x + a * across, s * y + a * up];

/**
 * One step of DDIM: the clean point and the noise that were found, mixed anew with the shares of an earlier step.
 *
 * @param {Pair} point
 * @param {Velocity} velocity
 * @param {Shares} now
 * @param {Shares} earlier
 * @returns {Pair}
 */
export function stepBack(point, velocity, now, earlier) {
  const found = velocity(...point, now);
  const [cleanX, cleanY] = cleanOf(point, found, now);
  const [noiseX, noiseY] = noiseOf(point, found, now);
  return [earlier.a * cleanX + earlier.s * noiseX, earlier.a * cleanY + earlier.s * noiseY];
}

/**
 * The way of a point out of the noise.
 *
 * @param {Pair} start
 * @param {Velocity} velocity
 * @param {Shares[]} shares of the steps that are visited, the noisiest first
 * @returns {Pair[]} where it is at each of them
 */
export function wayOf(start, velocity, shares) {
  const way = [start];
  for (let i = 1; i < shares.length; i++) way.push(stepBack(way[i - 1], velocity, shares[i - 1], shares[i]));
  return way;
}

/**
 * The middles of the cells of a square of `side` × `side` about a place, row by row.
 *
 * @param {{x: number, y: number, reach: number}} square reach is half its side
 * @param {number} side
 * @returns {Pair[]}
 */
export function gridOf({ x, y, reach }, side) {
  const at = (/** @type {number} */ i) => (reach * (2 * i + 1 - side)) / side;
  return Array.from({ length: side * side }, (_, i) => [x + at(i % side), y - at(Math.floor(i / side))]);
}

/**
 * How far the nearest of some points lies.
 *
 * @param {PlanePoints} points
 * @param {Pair} point
 */
export function distanceToNearest({ x: across, y: up }, [x, y]) {
  let least = Infinity;
  for (let i = 0; i < across.length; i++) least = Math.min(least, (x - across[i]) ** 2 + (y - up[i]) ** 2);
  return Math.sqrt(least);
}

/** Many points on their way out of the noise, as far as they have come. */
export class Crowd {
  /** @param {PlanePoints} start @param {Velocity} velocity @param {Shares[]} shares of the steps, the noisiest first */
  constructor(start, velocity, shares) {
    this.velocity = velocity;
    this.shares = shares;
    /** Where they are at each step that is known. */ this.known = [start];
    /** @type {PlanePoints} the step at work */ this.next = empty(start.x.length);
    this.done = 0;
  }

  /** How many of their steps are known. */
  get count() {
    return this.known.length;
  }

  /** Whether all their way is known. */
  get whole() {
    return this.known.length === this.shares.length;
  }

  /** Goes on, point by point. @param {() => boolean} more whether there is time for one more */
  work(more) {
    while (!this.whole && more()) this.one();
  }

  /** Where they are at a step, or as far on the way there as is known. @param {number} index of the step */
  at(index) {
    return this.known[Math.min(index, this.known.length - 1)];
  }

  one() {
    const step = this.known.length - 1;
    const { x, y } = this.known[step];
    const i = this.done++;
    const moved = stepBack([x[i], y[i]], this.velocity, this.shares[step], this.shares[step + 1]);
    [this.next.x[i], this.next.y[i]] = moved;
    if (this.done < x.length) return;
    this.known.push(this.next);
    this.next = empty(x.length);
    this.done = 0;
  }
}

/** @param {number} count @returns {PlanePoints} */
const empty = (count) => ({ x: new Float64Array(count), y: new Float64Array(count) });

/**
 * Points of N(0, I), the same for the same seed.
 *
 * @param {number} count
 * @param {() => number} normal
 * @returns {PlanePoints}
 */
export function noisePoints(count, normal) {
  const points = empty(count);
  for (let i = 0; i < count; i++) [points.x[i], points.y[i]] = [normal(), normal()];
  return points;
}

/** Arrows against the noise at some places, as long as it, for `unit` in the plane, and `most` at most; as far as they are known. */
export class Arrows {
  /** @param {Pair[]} tails @param {Velocity} velocity @param {Shares} shares @param {{unit: number, most: number}} lengths */
  constructor(tails, velocity, shares, { unit, most }) {
    this.tails = tails;
    this.velocity = velocity;
    this.shares = shares;
    this.unit = unit;
    this.most = most;
    /** @type {Pair[]} from the tails to the heads */ this.ways = [];
  }

  /** How many are known. */
  get count() {
    return this.ways.length;
  }

  /** Whether all are known. */
  get whole() {
    return this.ways.length === this.tails.length;
  }

  /** Goes on, arrow by arrow. @param {() => boolean} more whether there is time for one more */
  work(more) {
    while (!this.whole && more()) {
      const tail = this.tails[this.ways.length];
      const [x, y] = noiseOf(tail, this.velocity(...tail, this.shares), this.shares);
      const shrink = -Math.min(this.unit, this.most / Math.hypot(x, y));
      this.ways.push([x * shrink, y * shrink]);
    }
  }
}
