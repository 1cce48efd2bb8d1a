import { html, nothing } from "vendor/lit";
import { notice } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { exactNumber } from "../shared/numbers.js";
import { planeOf } from "../shared/tensors.js";
import { flatList, flatPlace } from "./flatten.js";
import { ConvolutionGestures } from "./gestures.js";
import { boxOf, indexOf, touchOf, turnedWeight, valueAt, windowValues } from "./pointing.js";
import { laidKernels } from "./run.js";
import { withChannels } from "./state.js";
import { windowTerms } from "./window.js";
import { CHANNELS, CHANNEL_NAMES, DISPLAYS, STOPS, paintedWords } from "./words.js";
import "./lente-inspector.js";
import "./lente-kernel-options.js";
import "./lente-kernel-panel.js";
import "./lente-compare.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-matrix-editor.js";
import "./lente-partials.js";
import "../shared/pictures/lente-picture-source.js";
import "./lente-values.js";
import "./lente-pool-inspector.js";
import "./lente-prediction.js";
import "./lente-stepper.js";
import "./lente-window-settings.js";

/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const MOST_NUMBERS = 14;

/**
 * The stage: input, kernel and output side by side, under one cursor. Rendered in the page.
 *
 * @fires state - the state, whenever the visitor changed it
 */
export class LenteConvolution extends ConvolutionGestures {
  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const run = this.done;
    if (!run || !(changed.has("state") || changed.has("shown"))) return;
    const [, row, column] = this.state.unit;
    const hidden = indexOf(this, run) >= this.shown;
    announce(
      () => `${t("row {row}, column {column}", { row, column })}: ${hidden ? "…" : exactNumber(valueAt(this, run))}`,
    );
  }

  render() {
    if (!this.state) return nothing;
    return html` ${this.stops()}
      <section
        class="exhibit stage"
        data-operation=${this.state.operation}
        data-wide=${this.wide}
        data-ready=${this.done !== null}
      >
        ${this.done ? [this.steps(this.done), this.input(this.done), this.middle(this.done), this.output(this.done)] : html`<p class="empty stage-waiting">${t("The picture is on its way…")}</p>`}
        ${this.done ? this.partials(this.done) : nothing}
      </section>
      ${this.done && this.compared ? html`<lente-compare class="exhibit" data-hideable="compare" .state=${this.state} .input=${this.done.input} .full=${this.done.full} .format=${this.format}></lente-compare>` : nothing}
      <div class="stage-settings">
        ${
          this.state.operation === "convolution"
            ? html`<section class="stack" data-hideable="kernel">
                <h2>${t("The kernel")}</h2>
                <lente-kernel-options
                  .state=${this.state}
                  @change-state=${this.onChange}
                  @fault=${this.onFault}
                ></lente-kernel-options>
              </section>`
            : nothing
        }
        <section class="stack" data-hideable="settings" @fault=${this.onFault}>
          <h2>${t("The window")}</h2>
          <lente-window-settings
            .state=${this.state}
            .size=${this.inputSize}
            .problem=${this.runner.problem}
            @change-state=${this.onChange}
          ></lente-window-settings>
        </section>
        <section class="stack" data-hideable="source">
          <h2>${t("Another input")}</h2>
          <lente-picture-source
            live
            .size=${this.state.size}
            .image=${this.state.image}
            @picture=${this.onPicture}
            @nopicture=${this.onNoPicture}
          ></lente-picture-source>
          <lente-matrix-editor .matrix=${this.state.matrix} @matrix=${this.onMatrix}></lente-matrix-editor>
        </section>
      </div>`;
  }

  stops() {
    const stop = STOPS.find(({ name }) => name === this.stop);
    const own = t("Your own numbers. Choose an example to go back to the talk.");
    const first = this.done ? exactNumber(this.done.output.data[0], 6) : "…";
    return html`<div class="stops-bar" data-hideable="examples">
      <div class="segments" role="group" aria-label=${t("The examples of the talk, in its order")}>
        ${STOPS.map(
          ({ name, title }) =>
            html` <button
              type="button"
              data-stop=${name}
              aria-pressed=${name === this.stop}
              @click=${() => this.visit(name)}
            >
              ${t(title)}
            </button>`,
        )}
      </div>
      <p class="stop-text">${stop ? t(stop.text, { first }) : own}</p>
    </div>`;
  }

  /** @param {Run} run */
  input(run) {
    const { padded, input, window } = run;
    const channel = Math.min(this.inputChannel, padded.shape[0] - 1);
    const numbers = Math.max(padded.shape[1], padded.shape[2]) <= MOST_NUMBERS + 6 && this.state.matrix !== null;
    return html`<div class="stage-side" data-side="input">
      <div class="side-head">
        <h2>${t("Input")}</h2>
        <output aria-live="off" data-shape="input">${this.sizes(input).join(" × ")}</output>
      </div>
      <lente-values
        .values=${planeOf(padded, channel).data}
        .columns=${padded.shape[2]}
        .pixels=${this.inputPixels}
        .numbers=${numbers}
        .border=${window.border}
        .box=${boxOf(this, run)}
        .isTouched=${touchOf(this, run)}
        .format=${this.format}
        label=${t("Input")}
        @point=${this.onInputPoint}
        @move=${this.onMove}
      ></lente-values>
      ${this.state.matrix ? nothing : this.inputOptions(padded.shape[0], channel)}
    </div>`;
  }

  /** @param {number} count @param {number} channel */
  inputOptions(count, channel) {
    const { channels, scale, size } = this.state;
    return html`<div class="row side-options">
      ${
        count > 1
          ? html`<span class="segments" role="group" aria-label=${t("Channel whose numbers are shown")}
              >${CHANNEL_NAMES.map(
                (name, i) =>
                  html` <button type="button" aria-pressed=${i === channel} @click=${() => this.onSlice(i)}>
                    ${t(name)}
                  </button>`,
              )}</span
            >`
          : nothing
      }
      <label
        ><span class="visually-hidden">${t("Channels")}</span
        ><select
          data-field="channels"
          @change=${(/** @type {Event} */ event) => this.set(withChannels(this.state, /** @type {any} */ (event.target).value))}
        >
          ${Object.entries(CHANNELS).map(([name, title]) => html`<option value=${name} ?selected=${name === channels}>${t(title)}</option>`)}
        </select></label
      >
      <span class="segments" role="group" aria-label=${t("Values of a pixel")}
        >${[255, 1].map(
          (top) =>
            html` <button type="button" aria-pressed=${top === scale} @click=${() => this.set({ scale: top })}>
              0..${top}
            </button>`,
        )}</span
      >
      <label class="size"
        >${t("Longest side")}<select
          data-field="size"
          @change=${(/** @type {Event} */ event) => this.set({ size: Number(/** @type {any} */ (event.target).value) })}
        >
          ${[16, 32, 64, 128, 256, 512].map((side) => html`<option value=${side} ?selected=${side === size}>${side}</option>`)}
        </select></label
      >
    </div>`;
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
        ${notice(this.fault)}
      </div>
      <div class="stage-sum">${this.sum(run)}</div>`;
  }

  /** @param {Run} run */
  sum(run) {
    const { operation, unit, divisor, bias } = this.state;
    const [channel, row, column] = unit;
    const secret = indexOf(this, run) >= this.shown;
    const value = valueAt(this, run);
    if (operation === "flatten") return flatPlace(this, run);
    const painted = paintedWords(value, this.mode, run.full, this.state.matrix !== null);
    if (operation !== "convolution") {
      return html`<lente-pool-inspector
        .kind=${operation}
        .values=${windowValues(this, run)}
        .secret=${secret}
      ></lente-pool-inspector>`;
    }
    const laid = laidKernels(this.state);
    const kernel = laid[Math.min(channel, laid.length - 1)];
    const { parts } = windowTerms(
      run.padded,
      kernel,
      { row, column, channel: Math.min(channel, run.padded.shape[0] - 1) },
      run.window,
    );
    return html`<lente-inspector
      .parts=${parts}
      .names=${CHANNEL_NAMES.map((name) => t(name))}
      .divisor=${divisor}
      .bias=${bias}
      .value=${value}
      .painted=${painted}
      .secret=${secret}
      .touched=${this.weight && turnedWeight(this, this.weight)}
      @term=${this.onTerm}
    ></lente-inspector>`;
  }

  /** @param {Run} run */
  output(run) {
    const { output } = run;
    const flat = this.state.operation === "flatten";
    const shape = flat ? [output.shape[2]] : this.sizes(output);
    return html`<div class="stage-side" data-side="output">
      <div class="side-head">
        <h2>${t("Output")}</h2>
        <output aria-live="off" data-shape="output">${shape.join(" × ")}</output>
      </div>
      ${flat ? flatList(this, run) : this.answer(run)} ${flat ? nothing : this.outputOptions(run)}
    </div>`;
  }

  /** @param {Run} run */
  answer(run) {
    const { output } = run;
    const [channel, row, column] = this.state.unit;
    const numbers = Math.max(output.shape[1], output.shape[2]) <= MOST_NUMBERS + 6 && this.state.matrix !== null;
    return html`<lente-values
      .values=${planeOf(output, channel).data}
      .columns=${output.shape[2]}
      .pixels=${this.outputPixels}
      .numbers=${numbers}
      .box=${{ top: row, left: column, bottom: row + 1, right: column + 1 }}
      .isTouched=${(/** @type {number} */ r, /** @type {number} */ c) => r === row && c === column}
      .shown=${this.shown}
      .format=${this.format}
      label=${t("Output")}
      @point=${this.onOutputPoint}
      @move=${this.onMove}
    ></lente-values>`;
  }

  /** @param {Run} run */
  outputOptions({ output }) {
    const { display, unit, channels, operation } = this.state;
    const { low, high, coloured } = this.mode;
    const apart = output.shape[0] > 1 && operation === "convolution" && channels !== "each";
    return html`<div class="row side-options">
      ${
        output.shape[0] > 1
          ? html`<span class="segments" role="group" aria-label=${t("Output channel")}
              >${Array.from(
                { length: output.shape[0] },
                (_, i) =>
                  html` <button
                    type="button"
                    aria-pressed=${i === unit[0]}
                    @click=${() => this.set({ unit: [i, unit[1], unit[2]] })}
                  >
                    ${apart ? i + 1 : t(CHANNEL_NAMES[i])}
                  </button>`,
              )}</span
            >`
          : nothing
      }
      <label
        ><span class="visually-hidden">${t("How values are painted")}</span
        ><select
          data-field="display"
          @change=${(/** @type {Event} */ event) => this.set({ display: /** @type {any} */ (event.target).value })}
        >
          ${Object.entries(DISPLAYS).map(([name, title]) => html`<option value=${name} ?selected=${name === display}>${t(title)}</option>`)}
        </select></label
      >
      <lente-legend .low=${low} .high=${high} .map=${coloured ? "auto" : "grey"}></lente-legend>
    </div>`;
  }

  /** The partial pictures of a kernel cube. @param {Run} run */
  partials({ padded, window }) {
    const { channels, operation, divisor, bias, unit } = this.state;
    if (channels !== "cube" || operation !== "convolution") return nothing;
    const laid = laidKernels(this.state);
    return html`<lente-partials
      class="stage-partials"
      data-hideable="partials"
      .padded=${padded}
      .kernel=${laid[Math.min(unit[0], laid.length - 1)]}
      .window=${window}
      .divisor=${divisor}
      .bias=${bias}
      .unit=${unit}
      @point=${this.onOutputPoint}
    ></lente-partials>`;
  }

  /** @param {Run} run */
  steps(run) {
    const [, rows, columns] = run.output.shape;
    return html`<div class="stage-steps" data-hideable="stepper">
      <lente-stepper
        .count=${rows * columns}
        .position=${this.shown === Infinity || this.asking ? indexOf(this, run) : this.shown - 1}
        @step=${this.onStep}
      ></lente-stepper>
      <button type="button" data-do="show-all" ?disabled=${this.shown === Infinity} @click=${() => this.showAll()}>
        ${t("Show all")}
      </button>
      ${this.state.operation === "flatten" ? nothing : html`<lente-prediction data-hideable="predict" .answer=${valueAt(this, run)} @predict=${this.onPredict} @reveal=${this.onReveal} @giveup=${() => this.showAll()}></lente-prediction>`}
    </div>`;
  }
}

customElements.define("lente-convolution", LenteConvolution);
