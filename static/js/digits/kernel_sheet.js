import { gridCell, gridPlace } from "../shared/ui/grid_keys.js";

/**
 * All weights of a layer on one sheet: kernels (O, I, R, C) as small pictures, a column for each output and a row for
 * each input, one cell apart; dense weights (O, I) as one picture, a row for each output.
 *
 * @typedef {object} KernelSheet
 * @property {number} width in cells
 * @property {number} height
 * @property {(index: number) => {row: number, column: number}} placeOf where the weight at `index` is
 * @property {(row: number, column: number) => number | null} weightAt which weight is there; null between kernels
 * @property {(index: number, event: import("../shared/ui/grid_keys.js").Key) => number | null} step where a key leads: from
 *   kernel to kernel, at the same place in each; in a matrix from weight to weight
 */

/**
 * @param {number[]} shape of the weights
 * @returns {KernelSheet}
 */
export function kernelSheet(shape) {
  return shape.length === 4 ? kernels(shape) : matrix(shape);
}

/** @param {number[]} shape @returns {KernelSheet} */
function kernels([outputs, inputs, rows, columns]) {
  const [down, across] = [rows + 1, columns + 1];
  return {
    width: outputs * across - 1,
    height: inputs * down - 1,
    placeOf(index) {
      const kernel = Math.floor(index / (rows * columns));
      const row = (kernel % inputs) * down + (Math.floor(index / columns) % rows);
      return { row, column: Math.floor(kernel / inputs) * across + (index % columns) };
    },
    weightAt(row, column) {
      const [output, input] = [Math.floor(column / across), Math.floor(row / down)];
      const [r, c] = [row % down, column % across];
      const inside = r < rows && c < columns && row >= 0 && column >= 0 && output < outputs && input < inputs;
      return inside ? ((output * inputs + input) * rows + r) * columns + c : null;
    },
    step(index, event) {
      const size = rows * columns;
      const kernel = Math.floor(index / size);
      const cell = gridCell(event, { row: kernel % inputs, column: Math.floor(kernel / inputs) }, [inputs, outputs]);
      return cell && (cell.column * inputs + cell.row) * size + (index % size);
    },
  };
}

/** @param {number[]} shape @returns {KernelSheet} */
function matrix([outputs, inputs]) {
  return {
    width: inputs,
    height: outputs,
    placeOf: (index) => ({ row: Math.floor(index / inputs), column: index % inputs }),
    weightAt: (row, column) =>
      row >= 0 && column >= 0 && row < outputs && column < inputs ? row * inputs + column : null,
    step: (index, event) => gridPlace(event, index, inputs, outputs * inputs),
  };
}
