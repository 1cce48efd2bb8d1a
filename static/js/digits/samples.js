/** @typedef {import("../shared/pictures/stroke.js").Stroke} Stroke */

/**
 * Ten digits as somebody might write them: for each stroke the points that it passes through, in hundredths of the pad.
 */
const POINTS = [
  ["50 21 38 27 33 42 33 58 38 74 50 80 62 74 67 58 67 42 62 27 49 21"],
  ["40 33 47 27 53 19", "53 19 52 50 50 81"],
  ["33 34 38 24 50 20 62 25 65 37 58 50 45 65 33 79", "33 79 50 78 69 77"],
  ["35 26 48 20 62 26 62 38 53 47 45 49", "45 49 58 52 66 62 62 75 48 81 34 74"],
  ["45 20 36 40 31 55", "31 55 50 54 71 53", "60 32 59 55 57 82"],
  ["64 21 50 22 40 22", "40 22 38 34 37 46", "37 46 50 42 62 48 67 60 62 74 50 80 36 75"],
  ["60 20 47 32 37 48 34 63 38 76 50 81 62 75 64 63 57 54 47 54 37 63"],
  ["32 24 50 23 67 22", "67 22 57 45 50 62 45 81"],
  ["61 30 50 21 40 28 41 38 50 47 60 57 63 69 50 80 37 70 41 57 50 48 59 39 61 30"],
  ["63 32 52 22 40 28 37 40 45 50 57 46 63 33", "63 32 63 50 60 66 54 81"],
];
const WIDTH = 0.085;
const BETWEEN = 6;

/**
 * A digit of the project's own hand, to begin with.
 *
 * @param {number} digit 0 to 9
 * @returns {Stroke[]}
 */
export function sampleDigit(digit) {
  return POINTS[digit].map((text) => ({
    points: curve(text.split(" ").map((number) => Number(number) / 100)),
    width: WIDTH,
    erase: false,
  }));
}

/** A smooth line through all points (Catmull and Rom, 1974). @param {number[]} flat x and y in turn */
function curve(flat) {
  const points = Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[2 * i], y: flat[2 * i + 1] }));
  const smooth = [points[0]];
  for (let i = 0; i + 1 < points.length; i++) {
    const [before, from, to, after] = [-1, 0, 1, 2].map(
      (step) => points[Math.min(Math.max(i + step, 0), points.length - 1)],
    );
    for (let step = 1; step <= BETWEEN; step++) smooth.push(between(before, from, to, after, step / BETWEEN));
  }
  return smooth;
}

/**
 * @param {import("../shared/pictures/stroke.js").Point} p0
 * @param {import("../shared/pictures/stroke.js").Point} p1
 * @param {import("../shared/pictures/stroke.js").Point} p2
 * @param {import("../shared/pictures/stroke.js").Point} p3
 * @param {number} t
 */
function between(p0, p1, p2, p3, t) {
  const along = (/** @type {"x" | "y"} */ axis) =>
    0.5 *
    (2 * p1[axis] +
      (p2[axis] - p0[axis]) * t +
      (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t ** 2 +
      (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t ** 3);
  return { x: along("x"), y: along("y") };
}
