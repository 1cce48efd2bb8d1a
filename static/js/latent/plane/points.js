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

/** @type {WeakMap<LatentSpace, {x: number, y: number, reach: number}>} */
const homes = new WeakMap();

/**
 * The square that shows the codes: about zero for a VAE, whose codes gather there; otherwise where all but the outermost
 * half percent of either side lie, for some lie far out.
 *
 * @param {LatentSpace} space
 */
export function planeHome(space) {
  const home = homes.get(space) ?? (space.kind === "vae" ? aboutZero(space) : aboutMost(space));
  homes.set(space, home);
  return home;
}

/** @param {LatentSpace} space */
function aboutZero({ low, high }) {
  return { x: 0, y: 0, reach: Math.min(Math.max(3.4, ...low.map(Math.abs), ...high.map(Math.abs)) * 1.02, 5.2) };
}

/** @param {LatentSpace} space */
function aboutMost(space) {
  const { x, y } = pointsOf(space);
  const [across, up] = [x, y].map((values) => {
    const ordered = values.slice().sort();
    return [0.005, 0.995].map((share) => ordered[Math.round(share * (ordered.length - 1))]);
  });
  const [centre, middle] = [across, up].map(([first, last]) => (first + last) / 2);
  return { x: centre, y: middle, reach: 0.55 * Math.max(across[1] - across[0], up[1] - up[0]) };
}
