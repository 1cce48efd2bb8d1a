import { html, nothing } from "vendor/lit";
import { painted } from "../frame/calm.js";
import { LenteElement, notice } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t, withColon } from "../frame/i18n.js";
import { repaintOnTheme } from "../frame/theme.js";
import { exactNumber } from "../shared/numbers.js";
import { numberFormat } from "./figures.js";
import { StagePainter } from "./painter.js";
import { laidKernels, rangesOf } from "./run.js";
import { inputSide, outputSide, sideOptions } from "./sides.js";
import { sumOf } from "./sum.js";
import { STOPS, problemWords } from "./words.js";
import "./lente-kernel-options.js";
import "./lente-kernel-panel.js";
import "./lente-compare.js";
import "../shared/ui/lente-matrix-editor.js";
import "./lente-partials.js";
import "../shared/pictures/lente-picture-source.js";
import "./lente-prediction.js";
import "./lente-stepper.js";
import "./lente-window-settings.js";

/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./state.js").ConvolutionState} ConvolutionState
 * @typedef {import("./model.js").Weight} Weight
 */

/** The bench: input, kernel and output of a model side by side, under one cursor. Rendered in the page. */
export class LenteConvolution extends LenteElement {
  static properties = { model: { attribute: false }, whole: { state: true } };

  constructor() {
    super();
    /** @type {import("./model.js").ConvolutionModel} */ this.model = /** @type {any} */ (null);
    /** Whether all below the stage is drawn: it comes first. */ this.whole = false;
    this.painter = new StagePainter();
    /** The state and how much of it was shown when the cursor was last announced. @type {unknown[]} */ this.said = [];
    repaintOnTheme(this, () => this.requestUpdate());
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("model")) this.model.addEventListener("change", () => this.requestUpdate());
    this.painter.paint(this.model);
  }

  updated() {
    this.complete();
    const { run, state, shown, secret, value } = this.model;
    if (!run || (this.said[0] === state && this.said[1] === shown)) return;
    this.said = [state, shown];
    const [, row, column] = state.unit;
    announce(
      () => `${withColon(t("row {row}, column {column}", { row, column }))} ${secret ? "…" : exactNumber(value)}`,
    );
  }

  /** What is below comes once the stage is on the screen, or it is told why there is nothing on it. */
  async complete() {
    const { run, problem, lost } = this.model;
    if (this.whole || !(run || problem || lost)) return;
    await painted();
    this.whole = true;
  }

  /** How a value is written in a small cell. */
  get format() {
    return numberFormat(this.model.state);
  }

  /** @param {CustomEvent<Partial<ConvolutionState>>} event */
  onChange(event) {
    event.stopPropagation();
    this.model.choose(event.detail);
  }

  /** @param {CustomEvent<string>} event */
  onFault({ detail }) {
    this.model.complain(detail);
  }

  render() {
    if (!this.model) return nothing;
    const { state, run, wide, compared } = this.model;
    return html` ${this.stops()} ${notice(this.model.refused && problemWords(this.model.refused))}
      <section class="exhibit stage" data-operation=${state.operation} data-wide=${wide} data-ready=${run !== null}>
        ${run ? [this.steps(run), inputSide(this, run), outputSide(this, run), this.middle(run), sideOptions(this, run), this.partials(run)] : this.waiting()}
      </section>
      ${run && compared ? html`<lente-compare class="exhibit" data-hideable="compare" .state=${state} .input=${run.input} .full=${run.full} .format=${this.format}></lente-compare>` : nothing}
      <div class="stage-settings">${this.settings(state)} ${this.source(state)}</div>`;
  }

  /** In place of a run: why there is none. */
  waiting() {
    const { problem, lost } = this.model;
    const why = problem ? problemWords(problem) : lost;
    return why ? notice(why) : html`<p class="empty stage-waiting">${t("The picture is on its way…")}</p>`;
  }

  /** @param {ConvolutionState} state */
  settings(state) {
    const { bounds, inputSize, problem, run } = this.model;
    return html`${
        state.operation === "convolution"
          ? html`<section class="stack" data-hideable="kernel">
              <h2>${t("The kernel")}</h2>
              ${this.whole ? html`<lente-kernel-options .state=${state} .bounds=${bounds} @change-state=${this.onChange} @fault=${this.onFault}></lente-kernel-options>` : nothing}
            </section>`
          : nothing
      }
      <section class="stack" data-hideable="settings" @fault=${this.onFault}>
        <h2>${t("The window")}</h2>
        ${this.whole ? html`<lente-window-settings .state=${state} .bounds=${bounds} .size=${inputSize} .problem=${problem} .kept=${run !== null} @change-state=${this.onChange}></lente-window-settings>` : nothing}
      </section>`;
  }

  /** @param {ConvolutionState} state */
  source({ size, image, matrix }) {
    const { model } = this;
    return html`<section class="stack" data-hideable="source">
      <h2>${t("Another input")}</h2>
      <lente-picture-source
        live
        .size=${size}
        .image=${image}
        @picture=${(/** @type {CustomEvent<import("../shared/pictures/lente-picture-source.js").Picture>} */ { detail }) => model.show(detail.tensor, detail.id)}
        @nopicture=${(/** @type {CustomEvent<Error>} */ { detail }) => model.miss(detail.message)}
      ></lente-picture-source>
      ${this.whole ? html`<lente-matrix-editor .matrix=${matrix} .range=${rangesOf(model.bounds).number} ?kept=${model.run !== null} @matrix=${(/** @type {CustomEvent<number[][]>} */ { detail }) => model.write(detail)}></lente-matrix-editor>` : nothing}
    </section>`;
  }

  stops() {
    const { model } = this;
    const stop = STOPS.find(({ name }) => name === model.stop);
    const own = t("Your own numbers. Choose an example to go back to it.");
    const first = model.run ? exactNumber(model.run.output.data[0], 6) : "…";
    return html`<div class="stops-bar" data-hideable="examples">
      <div class="segments" role="group" aria-label=${t("Worked examples, one after the other")}>
        ${STOPS.map(
          ({ name, title }) =>
            html` <button
              type="button"
              data-stop=${name}
              aria-pressed=${name === model.stop}
              @click=${() => model.visit(name)}
            >
              ${t(title)}
            </button>`,
        )}
      </div>
      <p class="stop-text">${stop ? t(stop.text, { first }) : own}</p>
    </div>`;
  }

  /** @param {Run} run */
  middle(run) {
    const { model } = this;
    const { state, weight, bounds, fault } = model;
    return html`<div class="stage-kernel">
        ${state.operation === "convolution" ? html`<lente-kernel-panel .state=${state} .bounds=${bounds} .touched=${weight} @change-state=${this.onChange} @weight=${(/** @type {CustomEvent<Weight | null>} */ { detail }) => model.pointWeight(detail)} @fault=${this.onFault}></lente-kernel-panel>` : nothing}
        ${notice(fault)}
      </div>
      <div class="stage-sum">${sumOf(this, run)}</div>`;
  }

  /** The partial pictures of a kernel cube. @param {Run} run */
  partials({ padded, window }) {
    const { model } = this;
    const { channels, operation, divisor, bias, unit } = model.state;
    if (channels !== "cube" || operation !== "convolution") return nothing;
    const laid = laidKernels(model.state);
    return html`<lente-partials
      class="stage-partials"
      data-hideable="partials"
      .padded=${padded}
      .kernel=${laid[Math.min(unit[0], laid.length - 1)]}
      .window=${window}
      .divisor=${divisor}
      .bias=${bias}
      .unit=${unit}
      @point=${(/** @type {CustomEvent<{row: number, column: number}>} */ { detail }) => model.pointOutput(detail)}
    ></lente-partials>`;
  }

  /** @param {Run} run */
  steps({ output }) {
    const { model } = this;
    const [, rows, columns] = output.shape;
    return html`<div class="stage-steps" data-hideable="stepper">
      <lente-stepper
        .count=${rows * columns}
        .position=${model.position}
        @step=${(/** @type {CustomEvent<number>} */ { detail }) => model.step(detail)}
      ></lente-stepper>
      <button type="button" data-do="show-all" ?disabled=${model.shown === Infinity} @click=${() => model.showAll()}>
        ${t("Show all")}
      </button>
      ${model.state.operation === "flatten" ? nothing : html`<lente-prediction data-hideable="predict" .answer=${model.value} @predict=${() => model.ask()} @reveal=${() => model.reveal()} @giveup=${() => model.showAll()}></lente-prediction>`}
    </div>`;
  }
}

customElements.define("lente-convolution", LenteConvolution);
