import { indexOf, turnedWeight, valueAt } from "./pointing.js";
import { StageRunner, UNBOUNDED } from "./run.js";
import { LOOKS, stateOfExample, stateToUrl, stopOf } from "./state.js";
import { cellUnder } from "./window.js";

/**
 * @typedef {import("./state.js").ConvolutionState} ConvolutionState
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./run.js").Problem} Problem
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {{slice: number, row: number, column: number}} Weight
 */

/** In the address: no example of the talk. */
const OWN = "own";

/**
 * The convolution bench without a document: what the visitor has chosen, the picture, what comes of both, and how much of
 * that is shown. It holds a run as soon as there is something to compute; an impossible setting leaves the last good one.
 *
 * @fires change - after every change
 * @fires state - after a change of what the address says
 */
export class ConvolutionModel extends EventTarget {
  /**
   * @param {ConvolutionState} state
   * @param {import("./run.js").Bounds} [bounds] what the server accepts
   * @param {Problem | null} [refused] what of an address was not taken into the state
   * @param {Record<string, any>} [url] what the address says of how it is looked at
   */
  constructor(state, bounds = UNBOUNDED, refused = null, url = {}) {
    super();
    this.state = state;
    this.bounds = bounds;
    this.refused = refused;
    /** @type {Tensor | null} (3, H, W), 0..1 */ this.picture = null;
    /** The example whose words are shown; "" for one's own. */ this.stop = stopOf(state);
    /** The weight or term under the cursor. @type {Weight | null} */ this.weight = null;
    /** The input channel whose numbers are shown. */ this.slice = 0;
    /** Output values that are shown; the others wait. */ this.shown = Infinity;
    /** Whether the value under the cursor is to be predicted. */ this.asking = false;
    /** What was typed wrongly, in words. */ this.fault = "";
    /** Why there is no picture, in words. */ this.lost = "";
    /** What was shown before an example whose picture is on its way. @type {Partial<ConvolutionModel> | null} */ this.left =
      null;
    this.runner = new StageRunner(bounds);
    /** @type {Run | null} */ this.run = null;
    /** @type {[number, number]} */ this.lastSize = [1, 1];
    this.look(url);
    this.compute();
  }

  /** Takes from an address how the state is looked at. @param {Record<string, any>} url */
  look({ channel, shown, example }) {
    this.slice = LOOKS.channel(channel) ? channel : 0;
    this.shown = LOOKS.shown(shown) ? shown : Infinity;
    this.stop = LOOKS.example(example) ? example : stopOf(this.state);
    if (this.stop === OWN) this.stop = "";
    this.asking = false;
  }

  /** What of all that has to be in the address; undefined for the rest. @returns {Record<string, any>} */
  toUrl() {
    return {
      ...stateToUrl(this.state),
      channel: this.slice || undefined,
      shown: this.shown === Infinity ? undefined : this.shown,
      example: this.stop === stopOf(this.state) ? undefined : this.stop || OWN,
    };
  }

  /** The address has become another. @param {ConvolutionState} state @param {Problem | null} refused @param {Record<string, any>} url */
  comeBack(state, refused, url) {
    Object.assign(this, { state, refused, fault: "" });
    this.look(url);
    this.compute();
    this.tell();
  }

  /** Why the setting is impossible. @returns {Problem | null} */
  get problem() {
    return this.runner.problem;
  }

  compute() {
    this.run = this.runner.run(this.state, this.picture);
    this.bound();
  }

  /** Keeps the unit inside the output. */
  bound() {
    if (!this.run) return;
    const { shape } = this.run.output;
    const unit = this.state.unit.map((at, i) => Math.min(Math.max(at, 0), shape[i] - 1));
    if (unit.some((at, i) => at !== this.state.unit[i]))
      this.state = { ...this.state, unit: /** @type {[number, number, number]} */ (unit) };
  }

  /** Computes what a change of the state needs, and no more. @param {Partial<ConvolutionState>} change */
  set(change) {
    const before = this.state;
    this.state = { ...before, ...change };
    if (onlyUnit(before, this.state)) this.bound();
    else this.compute();
    this.dispatchEvent(new Event("state"));
    this.tell();
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** The visitor changes a setting. @param {Partial<ConvolutionState>} change */
  choose(change) {
    if ("operation" in change) this.stop = "";
    this.fault = "";
    this.refused = null;
    this.set(change);
  }

  /** @param {string} fault what was typed wrongly, in words; empty once it is mended */
  complain(fault) {
    this.fault = fault;
    this.tell();
  }

  /** Goes to an example of the talk. @param {string} name */
  visit(name) {
    const { state, stop, slice, shown } = this;
    const next = stateOfExample(state, name);
    this.left = next.image === state.image || next.matrix ? null : { state, stop, slice, shown };
    this.shown = Infinity;
    this.asking = false;
    this.slice = 0;
    this.stop = name;
    this.refused = null;
    this.set(next);
  }

  /** @param {Tensor} picture (3, H, W), 0..1 @param {string | null} [id] its name in the address, where it has one */
  show(picture, id) {
    this.picture = picture;
    this.lost = "";
    this.left = null;
    if (id && id !== this.state.image) return this.set({ image: id, matrix: null });
    if (!id && this.state.matrix) return this.set({ matrix: null });
    this.compute();
    this.tell();
  }

  /** The picture is not to be had: that which is there stays, with all that it was shown with, or else the first visit's takes its place. @param {string} [why] in words */
  miss(why = "") {
    const { left } = this;
    this.left = null;
    if (this.picture && left) Object.assign(this, left).set({});
    if (this.picture) return;
    if (this.state.image !== "sample-cat") return this.set({ image: "sample-cat" });
    this.lost = why;
    this.tell();
  }

  /** @param {number[][]} matrix takes the picture's place */
  write(matrix) {
    this.stop = "";
    this.refused = null;
    const kernels = this.state.kernels.map((slices) => slices.slice(0, 1));
    this.set({ matrix, channels: "grey", kernels, display: "signed" });
  }

  /** The cursor goes to a place of the output. @param {[number, number, number]} unit */
  point(unit) {
    if (unit.some((at, i) => at !== this.state.unit[i])) this.set({ unit });
  }

  /** The cursor goes to a value of the output, unless that waits. @param {{row: number, column: number}} cell */
  pointOutput({ row, column }) {
    if (!this.run || this.asking || row * this.run.output.shape[2] + column >= this.shown) return;
    this.point([this.state.unit[0], row, column]);
  }

  /** The cursor goes to the window in whose middle a value of the padded input lies. @param {{row: number, column: number}} cell */
  pointInput(cell) {
    if (!this.run) return;
    const { window, output, input } = this.run;
    if (this.state.operation === "flatten")
      this.point([0, 0, (this.inputChannel * input.shape[1] + cell.row) * input.shape[2] + cell.column]);
    else this.pointOutput(cellUnder(window, cell, [output.shape[1], output.shape[2]]));
  }

  /** The cursor moves by so many rows and columns. @param {{rows: number, columns: number}} way */
  move({ rows, columns }) {
    if (!this.run) return;
    const [, height, width] = this.run.output.shape;
    const [, row, column] = this.state.unit;
    const flat = this.state.operation === "flatten";
    const wide = this.run.input.shape[2];
    const start = column - (column % wide);
    const along = Math.abs(columns) < wide ? column + columns : columns < 0 ? start : start + wide - 1;
    const to = flat ? [0, along + rows * wide] : [row + rows, column + columns];
    this.pointOutput({
      row: Math.min(Math.max(to[0], 0), height - 1),
      column: Math.min(Math.max(to[1], 0), width - 1),
    });
  }

  /** The cursor moves along the flattened list, past what waits too. @param {number} places */
  moveInList(places) {
    if (!this.run) return;
    const last = this.run.output.shape[2] - 1;
    this.point([0, 0, Math.min(Math.max(this.state.unit[2] + places, 0), last)]);
  }

  /** @param {Weight | null} weight of the editor, under the cursor */
  pointWeight(weight) {
    const alone = this.run && this.run.padded.shape[0] > 1 && this.state.channels === "each";
    this.weight = weight && { ...weight, slice: alone ? 0 : weight.slice };
    this.tell();
  }

  /** @param {Weight | null} term of the sum, under the cursor */
  pointTerm(term) {
    this.weight = term && turnedWeight(this.state, term);
    this.tell();
  }

  /** The input channel whose numbers are shown. @param {number} channel */
  chooseSlice(channel) {
    this.slice = channel;
    const { unit, channels, operation } = this.state;
    if (channels === "each" || operation !== "convolution") this.set({ unit: [channel, unit[1], unit[2]] });
    else this.set({});
  }

  /** Shows the values up to a position, and no more. @param {number} position */
  step(position) {
    this.shown = position + 1;
    this.pointPosition(position);
  }

  showAll() {
    this.shown = Infinity;
    this.asking = false;
    this.set({});
  }

  /** Hides the next value, which is to be predicted. */
  ask() {
    if (!this.run) return;
    const [, rows, columns] = this.run.output.shape;
    const at = this.shown === Infinity ? indexOf(this.state, this.run) : Math.min(this.shown, rows * columns - 1);
    this.shown = at;
    this.asking = true;
    this.pointPosition(at);
  }

  reveal() {
    if (this.run) this.shown = indexOf(this.state, this.run) + 1;
    this.set({});
  }

  /** @param {number} position among a channel's values */
  pointPosition(position) {
    if (!this.run) return;
    const columns = this.run.output.shape[2];
    this.set({ unit: [this.state.unit[0], Math.floor(position / columns), position % columns] });
  }

  /** Where the stepper is. */
  get position() {
    if (!this.run) return 0;
    return this.shown === Infinity || this.asking ? indexOf(this.state, this.run) : this.shown - 1;
  }

  /** The value under the cursor. */
  get value() {
    return this.run ? valueAt(this.state, this.run) : NaN;
  }

  /** Whether the value under the cursor still waits to be shown. */
  get secret() {
    return this.run !== null && indexOf(this.state, this.run) >= this.shown;
  }

  /** @returns {[number, number]} height and width; the same array while it is the same size */
  get inputSize() {
    const { matrix } = this.state;
    const [height, width] = matrix ? [matrix.length, matrix[0].length] : (this.picture?.shape.slice(1) ?? [1, 1]);
    if (this.lastSize[0] !== height || this.lastSize[1] !== width) this.lastSize = [height, width];
    return this.lastSize;
  }

  get inputChannel() {
    const { channels, operation, unit, matrix } = this.state;
    if (matrix || channels === "grey") return 0;
    return channels === "each" || operation !== "convolution" ? unit[0] : this.slice;
  }

  /** Whether the sum needs the whole width. */
  get wide() {
    const kernel = this.state.kernels[0];
    return this.state.operation === "convolution" && (kernel.length > 1 || kernel[0][0].length > 5);
  }

  /** Pooling and convolution make a picture smaller each in its way. */
  get compared() {
    const { operation, stride } = this.state;
    return operation === "max" || operation === "average" || (operation === "convolution" && stride > 1);
  }
}

/** @param {Record<string, any>} before @param {Record<string, any>} now */
function onlyUnit(before, now) {
  return Object.keys(now).every((name) => name === "unit" || before[name] === now[name]);
}
