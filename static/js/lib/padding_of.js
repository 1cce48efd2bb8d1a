/**
 * @typedef {{top: number, left: number, bottom: number, right: number}} Border in values
 */

/**
 * What a padding adds on each side. "same" keeps the size at stride 1; where that takes an odd number, the last side has
 * one more, as in PyTorch.
 *
 * @param {number | "same"} padding
 * @param {[number, number]} kernel height and width
 * @param {number} [dilation]
 * @returns {Border}
 */
export function paddingOf(padding, [height, width], dilation = 1) {
  if (padding !== "same") return { top: padding, left: padding, bottom: padding, right: padding };
  const [vertical, horizontal] = [dilation * (height - 1), dilation * (width - 1)];
  const [top, left] = [vertical >> 1, horizontal >> 1];
  return { top, left, bottom: vertical - top, right: horizontal - left };
}
