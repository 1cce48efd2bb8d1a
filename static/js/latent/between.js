/**
 * Between two codes along an arc, their lengths interpolated too (Shoemake, 1985). Straight where an arc makes no sense:
 * codes that point the same way, the opposite way, or nowhere.
 *
 * @param {ArrayLike<number>} start
 * @param {ArrayLike<number>} end
 * @param {number} share 0..1
 * @returns {number[]}
 */
export function spherical(start, end, share) {
  const [a, b] = [start, end].map((code) => Math.hypot(...Array.from(code)));
  const cosine = Array.from(start, (value, i) => value * end[i]).reduce((x, y) => x + y, 0) / (a * b);
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  if (!(Math.sin(angle) > 1e-6)) return Array.from(start, (value, i) => value + share * (end[i] - value));
  const long = (a + share * (b - a)) / Math.sin(angle);
  const [from, to] = [(Math.sin((1 - share) * angle) / a) * long, (Math.sin(share * angle) / b) * long];
  return Array.from(start, (value, i) => from * value + to * end[i]);
}
