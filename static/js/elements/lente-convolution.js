import { LitElement, html, nothing } from "vendor/lit";
import { cellUnder } from "../lib/cell_under.js";
import { colourMap } from "../lib/colour_map.js";
import { stateOfExample, withChannels } from "../lib/convolution_state.js";
import { displayMode } from "../lib/display_mode.js";
import { paintPlanes } from "../lib/paint_planes.js";
import { planeOf } from "../lib/plane_of.js";
import { laidKernels } from "../lib/stage.js";
import { StageRunner } from "../lib/stage_runner.js";
import { windowBox } from "../lib/window_box.js";
import { windowTerms } from "../lib/window_terms.js";
import { exactNumber } from "../lib/exact_number.js";
import { t } from "../services/i18n.js";
import { onThemeChange, theme } from "../services/theme.js";
import { CHANNELS, CHANNEL_NAMES, DISPLAYS, STOPS } from "./convolution_words.js";
import { paintedWords } from "./painted_words.js";
import "./lente-inspector.js";
import "./lente-kernel-options.js";
import "./lente-kernel-panel.js";
import "./lente-compare.js";
import "./lente-legend.js";
import "./lente-matrix-editor.js";
import "./lente-partials.js";
import "./lente-picture-source.js";
import "./lente-values.js";
import "./lente-pool-inspector.js";
import "./lente-prediction.js";
import "./lente-stepper.js";
import "./lente-window-settings.js";

/**
 * @typedef {import("../lib/convolution_state.js").ConvolutionState} ConvolutionState
 * @typedef {import("../lib/stage_runner.js").Run} Run
 * @typedef {import("../lib/safetensors.js").Tensor} Tensor
 * @typedef {import("./lente-kernel.js").Weight} Weight
 */

const MOST_NUMBERS = 14;

/**
 * The stage: input, kernel and output side by side, under one cursor. Rendered in the page.
 *
 * @fires state - the state, whenever the visitor changed it
 */
export class LenteConvolution extends LitElement {
  static properties = {
    state: { attribute: false },
    picture: { attribute: false },
    stop: { attribute: false },
    weight: { state: true },
    slice: { state: true },
    shown: { state: true },
    fault: { state: true },
    asking: { state: true },
  };

  constructor() {
    super();
    /** @type {ConvolutionState} */ this.state = /** @type {any} */ (null);
    /** @type {Tensor | null} (3, H, W), 0..1 */ this.picture = null;
    /** The stop of the page whose words are shown. */ this.stop = "photo";
    /** The weight or term under the cursor. @type {Weight | null} */ this.weight = null;
    /** The input channel whose numbers are shown. */ this.slice = 0;
    /** Output values that are shown; the others wait. */ this.shown = Infinity;
    this.fault = "";
    this.asking = false;
    /** @type {[number, number]} */ this.lastSize = [1, 1];
    this.runner = new StageRunner();
    /** @type {Run | null} */ this.done = null;
    this.inputPixels = new Uint8ClampedArray(4);
    this.outputPixels = new Uint8ClampedArray(4);
    /** The padded input that inputPixels shows. @type {Tensor | null} */ this.painted = null;
    /** @type {import("../lib/display_mode.js").DisplayMode} */ this.mode = { low: 0, high: 255, absolute: false, coloured: false };
    /** @type {() => void} */ this.endTheme = () => {};
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.endTheme = onThemeChange(() => {
      this.painted = null;
      this.paint();
      this.requestUpdate();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endTheme();
  }

  /** Computes what a change of the state or the picture needs, and no more. @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (!changed.has("state") && !changed.has("picture")) return;
    const before = changed.get("state") ?? this.state;
    const pointed = !changed.has("picture") && this.done && onlyUnit(before, this.state);
    if (!pointed) this.done = this.runner.run(this.state, this.picture);
    this.bound();
    if (!pointed || before.unit[0] !== this.state.unit[0]) this.paint();
  }

  /** Keeps the unit inside the output. */
  bound() {
    if (!this.done) return;
    const { shape } = this.done.output;
    const unit = this.state.unit.map((at, i) => Math.min(Math.max(at, 0), shape[i] - 1));
    if (unit.some((at, i) => at !== this.state.unit[i])) this.state = { ...this.state, unit: /** @type {[number, number, number]} */ (unit) };
  }

  paint() {
    if (!this.done) return;
    const { padded, output, full } = this.done;
    const { matrix, display, channels, unit } = this.state;
    if (this.painted !== padded) {
      const before = displayMode(matrix ? "signed" : "clamp", padded.data, full);
      this.inputPixels = paintPlanes(padded, before, this.colours(before));
      this.painted = padded;
    }
    const together = output.shape[0] === 3 && (channels === "each" || this.state.operation !== "convolution") && display !== "signed";
    const planes = together ? output : planeOf(output, unit[0]);
    this.mode = displayMode(display, planes.data, full);
    this.outputPixels = paintPlanes(planes, this.mode, this.colours(this.mode));
  }

  /** @param {import("../lib/display_mode.js").DisplayMode} mode */
  colours({ low }) {
    return colourMap(low < 0 ? "diverging" : "sequential", theme());
  }

  render() {
    if (!this.state) return nothing;
    return html`
      ${this.stops()}
      <section class="exhibit stage" data-operation=${this.state.operation} data-wide=${this.wide} data-ready=${this.done !== null}>
        ${this.done ? [this.steps(this.done), this.input(this.done), this.middle(this.done), this.output(this.done)] : html`<p class="empty stage-waiting">${t("The picture is on its way…")}</p>`}
        ${this.done ? this.partials(this.done) : nothing}
      </section>
      ${this.done && this.compared ? html`<lente-compare class="exhibit" data-hideable="compare" .state=${this.state} .input=${this.done.input} .full=${this.done.full} .format=${this.format}></lente-compare>` : nothing}
      <div class="stage-settings">
        ${this.state.operation === "convolution" ? html`<section class="stack" data-hideable="kernel"><h2>${t("The kernel")}</h2>
          <lente-kernel-options .state=${this.state} @change-state=${this.onChange} @fault=${this.onFault}></lente-kernel-options></section>` : nothing}
        <section class="stack" data-hideable="settings" @fault=${this.onFault}><h2>${t("The window")}</h2>
          <lente-window-settings .state=${this.state} .size=${this.inputSize} .problem=${this.runner.problem} @change-state=${this.onChange}></lente-window-settings></section>
        <section class="stack" data-hideable="source"><h2>${t("Another input")}</h2>
          <lente-picture-source live .size=${this.state.size} .image=${this.state.image} @picture=${this.onPicture} @nopicture=${this.onNoPicture}></lente-picture-source>
          <lente-matrix-editor .matrix=${this.state.matrix} @matrix=${this.onMatrix}></lente-matrix-editor></section>
      </div>`;
  }

  stops() {
    const stop = STOPS.find(({ name }) => name === this.stop);
    const own = t("Your own numbers. Choose an example to go back to the talk.");
    const first = this.done ? exactNumber(this.done.output.data[0], 6) : "…";
    return html`<div class="stops-bar" data-hideable="examples">
        <div class="segments" role="group" aria-label=${t("The examples of the talk, in its order")}>${STOPS.map(({ name, title }) => html`
          <button type="button" data-stop=${name} aria-pressed=${name === this.stop} @click=${() => this.visit(name)}>${t(title)}</button>`)}</div>
        <p class="stop-text">${stop ? t(stop.text, { first }) : own}</p>
      </div>`;
  }

  /** @returns {[number, number]} the same array while it is the same size */
  get inputSize() {
    const { matrix } = this.state;
    const [height, width] = matrix ? [matrix.length, matrix[0].length] : (this.picture?.shape.slice(1) ?? [1, 1]);
    if (this.lastSize[0] !== height || this.lastSize[1] !== width) this.lastSize = [height, width];
    return this.lastSize;
  }

  /** Whether the sum needs the whole width. */
  get wide() {
    const kernel = this.state.kernels[0];
    return this.state.operation === "convolution" && (kernel.length > 1 || kernel[0][0].length > 5);
  }

  /** @param {Run} run */
  input(run) {
    const { padded, input, window } = run;
    const channel = Math.min(this.inputChannel, padded.shape[0] - 1);
    const numbers = Math.max(padded.shape[1], padded.shape[2]) <= MOST_NUMBERS + 6 && this.state.matrix !== null;
    return html`<div class="stage-side" data-side="input">
      <div class="side-head"><h2>${t("Input")}</h2><output data-shape="input">${this.sizes(input).join(" × ")}</output></div>
      <lente-values .values=${planeOf(padded, channel).data} .columns=${padded.shape[2]} .pixels=${this.inputPixels} .numbers=${numbers} .border=${window.border}
        .box=${this.box(run)} .isTouched=${this.tapped(run)} .format=${this.format} label=${t("Input")}
        @point=${this.onInputPoint} @move=${this.onMove}></lente-values>
      ${this.state.matrix ? nothing : this.inputOptions(padded.shape[0], channel)}</div>`;
  }

  /** @param {number} count @param {number} channel */
  inputOptions(count, channel) {
    const { channels, scale, size } = this.state;
    return html`<div class="row side-options">
      ${count > 1 ? html`<span class="segments" role="group" aria-label=${t("Channel whose numbers are shown")}>${CHANNEL_NAMES.map((name, i) => html`
        <button type="button" aria-pressed=${i === channel} @click=${() => this.onSlice(i)}>${t(name)}</button>`)}</span>` : nothing}
      <label><span class="visually-hidden">${t("Channels")}</span><select data-field="channels" @change=${(/** @type {Event} */ event) => this.set(withChannels(this.state, /** @type {any} */ (event.target).value))}>
        ${Object.entries(CHANNELS).map(([name, title]) => html`<option value=${name} ?selected=${name === channels}>${t(title)}</option>`)}</select></label>
      <span class="segments" role="group" aria-label=${t("Values of a pixel")}>${[255, 1].map((top) => html`
        <button type="button" aria-pressed=${top === scale} @click=${() => this.set({ scale: top })}>0..${top}</button>`)}</span>
      <label class="size">${t("Longest side")}<select data-field="size" @change=${(/** @type {Event} */ event) => this.set({ size: Number(/** @type {any} */ (event.target).value) })}>
        ${[16, 32, 64, 128, 256, 512].map((side) => html`<option value=${side} ?selected=${side === size}>${side}</option>`)}</select></label></div>`;
  }

  /** A matrix has no channels, unless several kernels made some. @param {Tensor} tensor */
  sizes({ shape }) {
    return this.state.matrix && shape[0] === 1 ? shape.slice(1) : shape;
  }

  /** @param {Run} run */
  middle(run) {
    const { operation } = this.state;
    return html`<div class="stage-kernel">
        ${operation === "convolution" ? html`<lente-kernel-panel .state=${this.state} .touched=${this.weight} @change-state=${this.onChange} @weight=${this.onWeight} @fault=${this.onFault}></lente-kernel-panel>` : nothing}
        ${this.fault ? html`<p class="notice" data-kind="bad" role="alert">${this.fault}</p>` : nothing}</div>
      <div class="stage-sum">${this.sum(run)}</div>`;
  }

  /** @param {Run} run */
  sum(run) {
    const { operation, unit, divisor, bias } = this.state;
    const [channel, row, column] = unit;
    const secret = this.index(run) >= this.shown;
    const value = this.valueAt(run);
    if (operation === "flatten") return this.place(run);
    const painted = paintedWords(value, this.mode, run.full, this.state.matrix !== null);
    if (operation !== "convolution") {
      return html`<lente-pool-inspector .kind=${operation} .values=${this.windowValues(run)} .secret=${secret}></lente-pool-inspector>`;
    }
    const laid = laidKernels(this.state);
    const kernel = laid[Math.min(channel, laid.length - 1)];
    const { parts } = windowTerms(run.padded, kernel, { row, column, channel: Math.min(channel, run.padded.shape[0] - 1) }, run.window);
    return html`<lente-inspector .parts=${parts} .names=${CHANNEL_NAMES.map((name) => t(name))} .divisor=${divisor} .bias=${bias} .value=${value} .painted=${painted}
      .secret=${secret} .touched=${this.weight && this.turned(this.weight)} @term=${this.onTerm}></lente-inspector>`;
  }

  /** Where a value of the flattened list comes from. @param {Run} run */
  place(run) {
    const [, height, width] = run.input.shape;
    const index = this.state.unit[2];
    const [channel, row, column] = [Math.floor(index / (height * width)), Math.floor(index / width) % height, index % width];
    const several = run.input.shape[0] > 1;
    return html`<p class="flat-place"><output>${several ? html`${channel} × ${height * width} + ` : nothing}${row} × ${width} + ${column} = <strong data-result>${index}</strong></output><br>
      <span class="small">${several ? t("channel × values of a channel + row × width + column = place in the list, counted from 0") : t("row × width + column = place in the list, counted from 0")}</span></p>`;
  }

  /** @param {Run} run */
  output(run) {
    const { output } = run;
    const flat = this.state.operation === "flatten";
    const shape = flat ? [output.shape[2]] : this.sizes(output);
    return html`<div class="stage-side" data-side="output">
      <div class="side-head"><h2>${t("Output")}</h2><output data-shape="output">${shape.join(" × ")}</output></div>
      ${flat ? this.list(run) : this.answer(run)}
      ${flat ? nothing : this.outputOptions(run)}</div>`;
  }

  /** @param {Run} run */
  answer(run) {
    const { output } = run;
    const [channel, row, column] = this.state.unit;
    const numbers = Math.max(output.shape[1], output.shape[2]) <= MOST_NUMBERS + 6 && this.state.matrix !== null;
    return html`<lente-values .values=${planeOf(output, channel).data} .columns=${output.shape[2]} .pixels=${this.outputPixels} .numbers=${numbers}
        .box=${{ top: row, left: column, bottom: row + 1, right: column + 1 }} .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => r === row && c === column}
        .shown=${this.shown} .format=${this.format} label=${t("Output")} @point=${this.onOutputPoint} @move=${this.onMove}></lente-values>`;
  }

  /** Fifteen values of the flattened list, the touched one in their middle. @param {Run} run */
  list({ output }) {
    const index = this.state.unit[2];
    const count = Math.min(output.data.length, 15);
    const first = Math.min(Math.max(index - 7, 0), output.data.length - count);
    const columns = Math.min(count, 9);
    const full = Math.ceil(count / columns) * columns;
    const values = Array.from(output.data.slice(first, first + full));
    const numbers = values.map((_, i) => i + first);
    const places = t("places {first} to {last} of {count}", { first, last: first + values.length - 1, count: output.data.length });
    return html`<div class="flat-list" role="list" aria-label=${t("The flattened list")} tabindex="0" @keydown=${this.onListKey}>${values.map((value, i) => html`
      <button type="button" role="listitem" tabindex="-1" class="flat-value" data-touched=${numbers[i] === index} data-hidden=${numbers[i] >= this.shown}
        @pointerenter=${() => this.point({ unit: [0, 0, numbers[i]] })} @click=${() => this.point({ unit: [0, 0, numbers[i]] })}>
        <small>${numbers[i]}</small><output>${numbers[i] >= this.shown ? "·" : this.format(value)}</output></button>`)}</div>
      <p class="small">${output.data.length > full ? places : ""}</p>`;
  }

  /** @param {Run} run */
  outputOptions({ output }) {
    const { display, unit, channels, operation } = this.state;
    const { low, high, coloured } = this.mode;
    const apart = output.shape[0] > 1 && operation === "convolution" && channels !== "each";
    return html`<div class="row side-options">
      ${output.shape[0] > 1 ? html`<span class="segments" role="group" aria-label=${t("Output channel")}>${Array.from({ length: output.shape[0] }, (_, i) => html`
        <button type="button" aria-pressed=${i === unit[0]} @click=${() => this.set({ unit: [i, unit[1], unit[2]] })}>${apart ? i + 1 : t(CHANNEL_NAMES[i])}</button>`)}</span>` : nothing}
      <label><span class="visually-hidden">${t("How values are painted")}</span><select data-field="display" @change=${(/** @type {Event} */ event) => this.set({ display: /** @type {any} */ (event.target).value })}>
        ${Object.entries(DISPLAYS).map(([name, title]) => html`<option value=${name} ?selected=${name === display}>${t(title)}</option>`)}</select></label>
      <lente-legend .low=${low} .high=${high} .map=${coloured ? "auto" : "grey"}></lente-legend></div>`;
  }

  /** The partial pictures of a kernel cube. @param {Run} run */
  partials({ padded, window }) {
    const { channels, operation, divisor, bias, unit } = this.state;
    if (channels !== "cube" || operation !== "convolution") return nothing;
    const laid = laidKernels(this.state);
    return html`<lente-partials class="stage-partials" data-hideable="partials" .padded=${padded} .kernel=${laid[Math.min(unit[0], laid.length - 1)]} .window=${window} .divisor=${divisor} .bias=${bias}
      .unit=${unit} @point=${this.onOutputPoint}></lente-partials>`;
  }

  /** Pooling and convolution make a picture smaller each in its way. */
  get compared() {
    const { operation, stride } = this.state;
    return operation === "max" || operation === "average" || (operation === "convolution" && stride > 1);
  }

  /** @param {Run} run */
  steps(run) {
    const [, rows, columns] = run.output.shape;
    return html`<div class="stage-steps" data-hideable="stepper">
      <lente-stepper .count=${rows * columns} .position=${this.shown === Infinity || this.asking ? this.index(run) : this.shown - 1} @step=${this.onStep}></lente-stepper>
      <button type="button" data-do="show-all" ?disabled=${this.shown === Infinity} @click=${() => this.showAll()}>${t("Show all")}</button>
      ${this.state.operation === "flatten" ? nothing : html`<lente-prediction data-hideable="predict" .answer=${this.valueAt(run)} @predict=${this.onPredict} @reveal=${this.onReveal} @giveup=${() => this.showAll()}></lente-prediction>`}</div>`;
  }

  /** Place of the unit among its channel's values. @param {Run} run */
  index({ output }) {
    return this.state.unit[1] * output.shape[2] + this.state.unit[2];
  }

  /** @param {Run} run */
  valueAt(run) {
    const { output } = run;
    return output.data[this.state.unit[0] * output.shape[1] * output.shape[2] + this.index(run)];
  }

  get inputChannel() {
    const { channels, operation, unit, matrix } = this.state;
    if (matrix || channels === "grey") return 0;
    return channels === "each" || operation !== "convolution" ? unit[0] : this.slice;
  }

  /** @param {Run} run */
  box({ window, input }) {
    const [, row, column] = this.state.unit;
    if (this.state.operation !== "flatten") return windowBox(window, { row, column });
    const width = input.shape[2];
    const at = column % (input.shape[1] * width);
    return { top: Math.floor(at / width), left: at % width, bottom: Math.floor(at / width) + 1, right: (at % width) + 1 };
  }

  /** Which input cells the window really reads, or the one that is pointed at. @param {Run} run */
  tapped(run) {
    const { window } = run;
    const { operation } = this.state;
    const box = this.box(run);
    if (operation === "flatten") return (/** @type {number} */ row, /** @type {number} */ column) => row === box.top && column === box.left;
    const at = this.weight && operation === "convolution" ? this.turned(this.weight) : operation === "max" ? this.winner(run) : null;
    return (/** @type {number} */ row, /** @type {number} */ column) => {
      const [u, v] = [(row - box.top) / window.dilation, (column - box.left) / window.dilation];
      if (at) return u === at.row && v === at.column;
      return window.dilation > 1 && Number.isInteger(u) && Number.isInteger(v) && u >= 0 && v >= 0 && u < window.height && v < window.width;
    };
  }

  /** A weight of the editor as it lies on the input, or the other way round. @param {Weight} weight @returns {Weight} */
  turned({ slice, row, column }) {
    if (!this.state.flip) return { slice, row, column };
    const [height, width] = [this.state.kernels[0][0].length, this.state.kernels[0][0][0].length];
    return { slice, row: height - 1 - row, column: width - 1 - column };
  }

  /** @param {Run} run */
  windowValues({ padded, window }) {
    const [channel, row, column] = this.state.unit;
    const ones = [Array.from({ length: window.height }, () => Array(window.width).fill(1))];
    return windowTerms(padded, ones, { row, column, channel }, window).parts[0].terms.map((terms) => terms.map(({ value }) => value));
  }

  /** The place of the largest value in the window. @param {Run} run */
  winner(run) {
    const values = this.windowValues(run).flat();
    const at = values.indexOf(Math.max(...values));
    return { slice: 0, row: Math.floor(at / run.window.width), column: at % run.window.width };
  }

  get format() {
    return this.state.scale === 1 && !this.state.matrix ? twoDecimals : short;
  }

  /** @param {string} name */
  visit(name) {
    this.shown = Infinity;
    this.asking = false;
    this.slice = 0;
    this.stop = name;
    this.set(stateOfExample(this.state, name));
  }

  /** @param {Partial<ConvolutionState>} change */
  set(change) {
    this.state = { ...this.state, ...change };
    this.dispatchEvent(new CustomEvent("state", { detail: this.state }));
  }

  /** The cursor moves. @param {{unit: [number, number, number]}} change */
  point(change) {
    if (change.unit.some((at, i) => at !== this.state.unit[i])) this.set(change);
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

  /** @param {CustomEvent<import("./lente-picture-source.js").Picture>} event */
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
      return this.point({ unit: [0, 0, (this.inputChannel * input.shape[1] + cell.row) * input.shape[2] + cell.column] });
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
    const at = this.shown === Infinity ? this.index(run) : Math.min(this.shown, run.output.shape[1] * columns - 1);
    this.shown = at;
    this.asking = true;
    this.set({ unit: [this.state.unit[0], Math.floor(at / columns), at % columns] });
  }

  onReveal() {
    this.shown = this.index(/** @type {Run} */ (this.done)) + 1;
  }

  /** @param {number} channel */
  onSlice(channel) {
    this.slice = channel;
    const { unit, channels, operation } = this.state;
    if (channels === "each" || operation !== "convolution") this.set({ unit: [channel, unit[1], unit[2]] });
  }

  /** @param {CustomEvent<Weight | null>} event */
  onWeight(event) {
    this.weight = event.detail && { ...event.detail, slice: this.done && this.done.padded.shape[0] > 1 && this.state.channels === "each" ? 0 : event.detail.slice };
  }

  /** @param {CustomEvent<Weight | null>} event */
  onTerm({ detail }) {
    this.weight = detail && this.turned(detail);
  }
}

/** @param {Record<string, any>} before @param {Record<string, any>} now */
function onlyUnit(before, now) {
  return Object.keys(now).every((name) => name === "unit" || before[name] === now[name]);
}

/** At most three digits and a point fit into a small cell. @param {number} value */
const short = (value) => (Math.abs(value) >= 100 ? exactNumber(Math.round(value), 7) : exactNumber(value, 3));

/** @param {number} value */
const twoDecimals = (value) => value.toFixed(2).replace("-", "−");

customElements.define("lente-convolution", LenteConvolution);
