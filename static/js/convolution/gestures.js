import { indexOf, turnedWeight } from "./pointing.js";
import { ConvolutionStage } from "./stage.js";
import { stateOfExample } from "./state.js";
import { cellUnder } from "./window.js";

/**
 * @typedef {import("./state.js").ConvolutionState} ConvolutionState
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./lente-kernel.js").Weight} Weight
 */

/** What the visitor does on the convolution page. */
export class ConvolutionGestures extends ConvolutionStage {
  /** @param {string} name */
  visit(name) {
    this.shown = Infinity;
    this.asking = false;
    this.slice = 0;
    this.stop = name;
    this.set(stateOfExample(this.state, name));
  }

  /** @param {CustomEvent<Partial<ConvolutionState>>} event */
  onChange(event) {
    event.stopPropagation();
    if ("operation" in event.detail) this.stop = "";
    this.fault = "";
    this.set(event.detail);
  }

  /** @param {CustomEvent<string>} event */
  onFault({ detail }) {
    this.fault = detail;
  }

  /** @param {CustomEvent<import("../shared/pictures/lente-picture-source.js").Picture>} event */
  onPicture({ detail: { id, tensor } }) {
    this.picture = tensor;
    if (id && id !== this.state.image) this.set({ image: id, matrix: null });
    else if (!id && this.state.matrix) this.set({ matrix: null });
  }

  onNoPicture() {
    if (!this.picture && this.state.image !== "sample-cat") this.set({ image: "sample-cat" });
  }

  /** @param {CustomEvent<number[][]>} event */
  onMatrix({ detail: matrix }) {
    this.stop = "";
    const kernels = this.state.kernels.map((slices) => slices.slice(0, 1));
    this.set({ matrix, channels: "grey", kernels, display: "signed" });
  }

  /** @param {CustomEvent<{row: number, column: number}>} event */
  onInputPoint({ detail: cell }) {
    if (!this.done) return;
    const { window, output, input } = this.done;
    const channel = this.state.unit[0];
    if (this.state.operation === "flatten") {
      return this.point({
        unit: [0, 0, (this.inputChannel * input.shape[1] + cell.row) * input.shape[2] + cell.column],
      });
    }
    const { row, column } = cellUnder(window, cell, [output.shape[1], output.shape[2]]);
    this.toCell(channel, row, column);
  }

  /** @param {CustomEvent<{row: number, column: number}>} event */
  onOutputPoint({ detail: { row, column } }) {
    this.toCell(this.state.unit[0], row, column);
  }

  /** @param {number} channel @param {number} row @param {number} column */
  toCell(channel, row, column) {
    const columns = /** @type {Run} */ (this.done).output.shape[2];
    if (this.asking || row * columns + column >= this.shown) return;
    this.point({ unit: [channel, row, column] });
  }

  /** @param {CustomEvent<{rows: number, columns: number}>} event */
  onMove({ detail: { rows, columns } }) {
    if (!this.done) return;
    const [, height, width] = this.done.output.shape;
    const [channel, row, column] = this.state.unit;
    const flat = this.state.operation === "flatten";
    const to = flat ? [0, column + columns + rows * this.done.input.shape[2]] : [row + rows, column + columns];
    this.toCell(channel, Math.min(Math.max(to[0], 0), height - 1), Math.min(Math.max(to[1], 0), width - 1));
  }

  /** @param {KeyboardEvent} event */
  onListKey(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way || !this.done) return;
    event.preventDefault();
    const last = this.done.output.shape[2] - 1;
    this.point({ unit: [0, 0, Math.min(Math.max(this.state.unit[2] + way, 0), last)] });
  }

  /** @param {CustomEvent<number>} event */
  onStep({ detail: position }) {
    const columns = /** @type {Run} */ (this.done).output.shape[2];
    this.shown = position + 1;
    this.set({ unit: [this.state.unit[0], Math.floor(position / columns), position % columns] });
  }

  showAll() {
    this.shown = Infinity;
    this.asking = false;
  }

  onPredict() {
    const run = /** @type {Run} */ (this.done);
    const columns = run.output.shape[2];
    const at = this.shown === Infinity ? indexOf(this, run) : Math.min(this.shown, run.output.shape[1] * columns - 1);
    this.shown = at;
    this.asking = true;
    this.set({ unit: [this.state.unit[0], Math.floor(at / columns), at % columns] });
  }

  onReveal() {
    this.shown = indexOf(this, /** @type {Run} */ (this.done)) + 1;
  }

  /** @param {number} channel */
  onSlice(channel) {
    this.slice = channel;
    const { unit, channels, operation } = this.state;
    if (channels === "each" || operation !== "convolution") this.set({ unit: [channel, unit[1], unit[2]] });
  }

  /** @param {CustomEvent<Weight | null>} event */
  onWeight(event) {
    this.weight = event.detail && {
      ...event.detail,
      slice: this.done && this.done.padded.shape[0] > 1 && this.state.channels === "each" ? 0 : event.detail.slice,
    };
  }

  /** @param {CustomEvent<Weight | null>} event */
  onTerm({ detail }) {
    this.weight = detail && turnedWeight(this, detail);
  }
}
