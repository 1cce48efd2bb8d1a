import { html, nothing } from "vendor/lit";
import { saveFile } from "../frame/files.js";
import { t } from "../frame/i18n.js";
import { planeOf } from "../shared/tensors.js";
import { flatList } from "./flatten.js";
import { boxOf, touchOf } from "./pointing.js";
import { withChannels } from "./state.js";
import { CHANNELS, CHANNEL_NAMES, DISPLAYS } from "./words.js";
import "../frame/lente-term.js";
import "../shared/ui/lente-legend.js";
import "./lente-values.js";

/**
 * @typedef {import("./lente-convolution.js").LenteConvolution} Stage
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {CustomEvent<{row: number, column: number}>} CellEvent
 * @typedef {CustomEvent<{rows: number, columns: number}>} MoveEvent
 */

/** Sides of a matrix up to which all its numbers are shown. */
const MOST_NUMBERS = 20;

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLSelectElement} */ (event.target).value;

/** Whether every number of a plane is shown. @param {Tensor} tensor @param {number[][] | null} matrix */
const asNumbers = ({ shape }, matrix) => matrix !== null && Math.max(shape[1], shape[2]) <= MOST_NUMBERS;

/** A matrix has no channels, unless several kernels made some. @param {Tensor} tensor @param {number[][] | null} matrix */
const sizes = ({ shape }, matrix) => (matrix && shape[0] === 1 ? shape.slice(1) : shape);

/** A shape, and what its numbers count. @param {"input" | "output"} side @param {number[]} shape */
const shapeOf = (side, shape) =>
  html`<span class="shape"
    ><output aria-live="off" data-shape=${side}>${shape.join(" × ")}</output
    >${shape.length === 3 ? html` <lente-term meaning=${t("Channels × height × width: the order of the numbers in a tensor. The size of a picture is said the other way round: width × height.")}>C × H × W</lente-term>` : nothing}${shape.length === 2 ? html` <small>${t("rows × columns")}</small>` : nothing}</span
  >`;

/** Choices of which one is pressed. @param {string} label @param {number} chosen @param {unknown[]} titles @param {(index: number) => void} choose */
const segments = (label, chosen, titles, choose) =>
  html`<span class="segments" role="group" aria-label=${label}
    >${titles.map(
      (title, i) =>
        html` <button type="button" aria-pressed=${i === chosen} @click=${() => choose(i)}>${title}</button>`,
    )}</span
  >`;

/** The padded input, with the window on it. @param {Stage} stage @param {Run} run */
export function inputSide({ model, painter, format }, run) {
  const { padded, input, window } = run;
  const { state, weight } = model;
  const channel = Math.min(model.inputChannel, padded.shape[0] - 1);
  return html`<div class="stage-side" data-side="input">
    <div class="side-head">
      <h2>${t("Input")}</h2>
      ${shapeOf("input", sizes(input, state.matrix))}
    </div>
    <lente-values
      .values=${planeOf(padded, channel).data}
      .columns=${padded.shape[2]}
      .pixels=${painter.inputPixels}
      .numbers=${asNumbers(padded, state.matrix)}
      ?picture=${!asNumbers(padded, state.matrix)}
      .border=${window.border}
      .box=${boxOf(state, run)}
      .isTouched=${touchOf(state, run, weight)}
      .format=${format}
      label=${t("Input")}
      @point=${(/** @type {CellEvent} */ { detail }) => model.pointInput(detail)}
      @move=${(/** @type {MoveEvent} */ { detail }) => model.move(detail)}
    ></lente-values>
  </div>`;
}

/** What is set of each side. @param {Stage} stage @param {Run} run */
export function sideOptions(stage, run) {
  const { state } = stage.model;
  return [
    state.matrix ? nothing : inputOptions(stage.model, run),
    state.operation === "flatten" ? nothing : outputOptions(stage, run),
  ];
}

/** @param {import("./model.js").ConvolutionModel} model @param {Run} run */
function inputOptions(model, { padded }) {
  const { channels, scale, size } = model.state;
  const count = padded.shape[0];
  const channel = Math.min(model.inputChannel, count - 1);
  const names = CHANNEL_NAMES.map((name) => t(name));
  return html`<div class="row side-options" data-side="input" role="group" aria-label=${t("Input")}>
    <span class="side-name" aria-hidden="true">${t("Input")}</span>
    ${count > 1 ? segments(t("Channel whose numbers are shown"), channel, names, (i) => model.chooseSlice(i)) : nothing}
    <label
      ><span class="visually-hidden">${t("Channels")}</span
      ><select
        data-field="channels"
        @change=${(/** @type {Event} */ event) => model.set(withChannels(model.state, /** @type {any} */ (valueOf(event))))}
      >
        ${Object.entries(CHANNELS).map(([name, title]) => html`<option value=${name} ?selected=${name === channels}>${t(title)}</option>`)}
      </select></label
    >
    ${segments(t("Values of a pixel"), scale === 255 ? 0 : 1, [t("0 to 255"), t("0 to 1")], (i) => model.set({ scale: [255, 1][i] }))}
    <label class="size"
      >${t("Longest side")}<select
        data-field="size"
        @change=${(/** @type {Event} */ event) => model.set({ size: Number(valueOf(event)) })}
      >
        ${[16, 32, 64, 128, 256, 512].map((side) => html`<option value=${side} ?selected=${side === size}>${side}</option>`)}
      </select></label
    >
  </div>`;
}

/** The output, as a picture, a table or a list. @param {Stage} stage @param {Run} run */
export function outputSide(stage, run) {
  const { output } = run;
  const { state } = stage.model;
  const flat = state.operation === "flatten";
  const shape = flat ? [output.shape[2]] : sizes(output, state.matrix);
  return html`<div class="stage-side" data-side="output">
    <div class="side-head">
      <h2>${t("Output")}</h2>
      ${shapeOf("output", shape)}
    </div>
    ${flat ? flatList(stage, run) : answer(stage, run)}
  </div>`;
}

/** @param {Stage} stage @param {Run} run */
function answer({ model, painter, format }, { output }) {
  const [channel, row, column] = model.state.unit;
  return html`<lente-values
    .values=${planeOf(output, channel).data}
    .columns=${output.shape[2]}
    .pixels=${painter.outputPixels}
    .numbers=${asNumbers(output, model.state.matrix)}
    ?picture=${!asNumbers(output, model.state.matrix)}
    .box=${{ top: row, left: column, bottom: row + 1, right: column + 1 }}
    .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => r === row && c === column}
    .shown=${model.shown}
    .format=${format}
    label=${t("Output")}
    @point=${(/** @type {CellEvent} */ { detail }) => model.pointOutput(detail)}
    @move=${(/** @type {MoveEvent} */ { detail }) => model.move(detail)}
  ></lente-values>`;
}

/** @param {Stage} stage @param {Run} run */
function outputOptions({ model, painter }, { output }) {
  const { display, unit, channels, operation } = model.state;
  const { low, high, coloured } = painter.mode;
  const apart = operation === "convolution" && channels !== "each";
  const names = Array.from({ length: output.shape[0] }, (_, i) => (apart ? i + 1 : t(CHANNEL_NAMES[i])));
  return html`<div class="row side-options" data-side="output" role="group" aria-label=${t("Output")}>
    <span class="side-name" aria-hidden="true">${t("Output")}</span>
    ${names.length > 1 ? segments(t("Output channel"), unit[0], names, (i) => model.set({ unit: [i, unit[1], unit[2]] })) : nothing}
    <label
      ><span class="visually-hidden">${t("How values are painted")}</span
      ><select
        data-field="display"
        @change=${(/** @type {Event} */ event) => model.set({ display: /** @type {any} */ (valueOf(event)) })}
      >
        ${Object.entries(DISPLAYS).map(([name, title]) => html`<option value=${name} ?selected=${name === display}>${t(title)}</option>`)}
      </select></label
    >
    <lente-legend .low=${low} .high=${high} .map=${coloured ? "auto" : "grey"}></lente-legend>
    <button
      type="button"
      class="quiet save"
      data-hideable="save"
      data-do="save"
      title=${t("The output as a picture, a pixel for each value")}
      @click=${() => savePicture(painter.outputPixels, output.shape[2], model.state.preset)}
    >
      PNG
    </button>
  </div>`;
}

/** @param {Uint8ClampedArray<ArrayBuffer>} pixels (H, W, 4) @param {number} width @param {string} kernel its name */
async function savePicture(pixels, width, kernel) {
  const canvas = new OffscreenCanvas(width, pixels.length / 4 / width);
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, width), 0, 0);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), `lente_${kernel}.png`);
}
