const NAME = /^squared_error_per_pixel_(\d+)$/;

/**
 * Which codes of PCA copy as well as a given error, of the sizes that PCA's card has figures for.
 *
 * @param {Record<string, number>} figures of PCA's card
 * @param {number} error squared error per pixel
 * @returns {{beaten: number | null, met: number | null}} the longest code that is worse, the shortest that is as good
 */
export function pcaMatch(figures, error) {
  const sizes = Object.keys(figures)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const worse = sizes.filter((size) => figures[`squared_error_per_pixel_${size}`] > error);
  return { beaten: worse.at(-1) ?? null, met: sizes.find((size) => !worse.includes(size)) ?? null };
}

/**
 * A code of which only the first numbers are kept, the others 0: PCA with fewer components.
 *
 * @param {ArrayLike<number>} code
 * @param {number} count
 * @returns {number[]}
 */
export function firstNumbers(code, count) {
  return Array.from(code, (value, i) => (i < count ? value : 0));
}
