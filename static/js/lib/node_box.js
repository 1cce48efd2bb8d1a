/**
 * How large a layer is drawn: higher the more pixels a side its maps have, wider the more maps; by powers of two.
 *
 * @param {number[]} shape
 * @param {string} layout "CHW", "HWC" or "Z"
 * @returns {{width: number, height: number}} in pixels
 */
export function nodeBox(shape, layout) {
  const [channels, rows] =
    layout === "HWC"
      ? [shape[2], shape[0]]
      : shape.length === 3
        ? [shape[0], shape[1]]
        : [shape[shape.length - 1] ?? 1, 1];
  return { width: 6 + 4 * Math.log2(channels + 1), height: 8 + 7 * Math.log2(rows) };
}
