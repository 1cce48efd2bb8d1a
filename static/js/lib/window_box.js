/**
 * Where the window of an output cell lies on the padded input.
 *
 * @param {import("./stage.js").Window} window
 * @param {{row: number, column: number}} cell of the output
 * @returns {{top: number, left: number, bottom: number, right: number}}
 */
export function windowBox({ height, width, stride, dilation }, { row, column }) {
  const [top, left] = [row * stride, column * stride];
  return { top, left, bottom: top + dilation * (height - 1) + 1, right: left + dilation * (width - 1) + 1 };
}
