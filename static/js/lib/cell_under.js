/**
 * The output cell whose window has its middle nearest to a cell of the padded input.
 *
 * @param {import("./stage.js").Window} window
 * @param {{row: number, column: number}} cell of the padded input
 * @param {[number, number]} size rows and columns of the output
 * @returns {{row: number, column: number}}
 */
export function cellUnder({ height, width, stride, dilation }, { row, column }, [rows, columns]) {
  const near = (/** @type {number} */ at, /** @type {number} */ kernel, /** @type {number} */ places) =>
    Math.min(Math.max(Math.round((at - (dilation * (kernel - 1)) / 2) / stride), 0), places - 1);
  return { row: near(row, height, rows), column: near(column, width, columns) };
}
