/**
 * A slice with another height and width: what fits stays in the middle, new weights are zero.
 *
 * @param {number[][]} slice
 * @param {number} height
 * @param {number} width
 * @returns {number[][]}
 */
export function resizeKernel(slice, height, width) {
  const down = Math.floor((height - slice.length) / 2);
  const right = Math.floor((width - slice[0].length) / 2);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => slice[row - down]?.[column - right] ?? 0),
  );
}
