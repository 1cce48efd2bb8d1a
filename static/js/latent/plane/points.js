/** @typedef {import("../space.js").LatentSpace} LatentSpace */

/** @type {WeakMap<LatentSpace, import("./painting.js").Points>} */
const known = new WeakMap();

/**
 * The codes of a space with two numbers as points of a plane: the same object for the same space.
 *
 * @param {LatentSpace} space
 */
export function pointsOf(space) {
  const { mu, labels, count, z } = space;
  const points = known.get(space) ?? {
    x: new Float32Array(count).map((_, i) => mu[z * i]),
    y: new Float32Array(count).map((_, i) => (z > 1 ? mu[z * i + 1] : 0)),
    labels,
  };
  known.set(space, points);
  return points;
}

/** The square that shows all codes; about zero for a VAE, whose codes gather there. @param {LatentSpace} space */
export function planeHome({ kind, low, high }) {
  if (kind === "vae")
    return { x: 0, y: 0, reach: Math.min(Math.max(3.4, ...low.map(Math.abs), ...high.map(Math.abs)) * 1.02, 5.2) };
  const [x, y] = [0, 1].map((i) => (low[i] + high[i]) / 2);
  return { x, y, reach: 0.53 * Math.max(high[0] - low[0], high[1] - low[1]) };
}
