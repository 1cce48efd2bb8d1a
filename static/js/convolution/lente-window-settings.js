import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t, withColon } from "../frame/i18n.js";
import { UNBOUNDED, rangesOf, windowOf } from "./run.js";
import { onlyCursor } from "./state.js";
import { outputSize } from "./window.js";
import { OPERATIONS, PADDING_MODES, TERMS, problemWords } from "./words.js";
import "../shared/ui/lente-number.js";
import "../frame/lente-term.js";

/** @typedef {import("./state.js").ConvolutionState} ConvolutionState */

/**
 * The operation, its padding, stride and dilation, and what size comes out of it, written out. Rendered in the page.
 *
 * @fires change-state - what changes in the state
 */
export class LenteWindowSettings extends LenteElement {
  static properties = {
    state: { attribute: false },
    bounds: { attribute: false },
    size: { attribute: false },
    problem: { attribute: false },
    kept: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {ConvolutionState} */ this.state = /** @type {any} */ (null);
    /** @type {import("./run.js").Bounds} */ this.bounds = UNBOUNDED;
    /** @type {[number, number]} height and width of the input */ this.size = [1, 1];
    /** @type {import("./run.js").Problem | null} */ this.problem = null;
    /** Whether there is a last good picture. */ this.kept = true;
  }

  /** A moving cursor changes nothing here. @param {Map<string, any>} changed */
  shouldUpdate(changed) {
    return changed.size > 1 || !changed.has("state") || !onlyCursor(changed.get("state"), this.state);
  }

  render() {
    const { operation } = this.state;
    return html` <div class="segments" role="group" aria-label=${t("Operation")}>
        ${Object.entries(OPERATIONS).map(
          ([name, title]) =>
            html` <button
              type="button"
              data-operation=${name}
              aria-pressed=${name === operation}
              @click=${() => this.send({ operation: /** @type {ConvolutionState["operation"]} */ (name), unit: [0, 0, 0] })}
            >
              ${t(title)}
            </button>`,
        )}
      </div>
      ${operation === "flatten" ? nothing : html`<div class="row window-numbers">${operation === "convolution" ? this.convolution() : this.pooling()}</div>`}
      ${notice(this.problem && html`${problemWords(this.problem)} ${this.kept ? t("The last good picture stays.") : ""}`)}
      ${operation === "flatten" ? nothing : this.formula()}
      <p class="small">
        ${t("The words:")}
        ${TERMS.map(({ word, meaning }, i) => html`${i ? ", " : ""}<lente-term meaning=${t(meaning)}>${t(word)}</lente-term>`)}.
      </p>`;
  }

  convolution() {
    const { padding, mode, stride, dilation } = this.state;
    const same = padding === "same";
    const ranges = rangesOf(this.bounds);
    return html` ${this.number("stride", t("Stride"), stride, ranges.stride, (value) => ({ stride: value }))}
      ${this.number("dilation", t("Dilation"), dilation, ranges.dilation, (value) => ({ dilation: value }))}
      ${same ? nothing : this.number("padding", t("Padding"), padding, ranges.padding, (value) => ({ padding: value }))}
      <label class="above"
        ><span>${t("Around it")}</span
        ><select
          data-field="mode"
          @change=${(/** @type {Event} */ event) => this.send({ mode: /** @type {any} */ (event.target).value })}
        >
          ${Object.entries(PADDING_MODES).map(([name, title]) => html`<option value=${name} ?selected=${name === mode}>${t(title)}</option>`)}
        </select></label
      >
      <label class="same"
        ><input
          type="checkbox"
          data-field="same"
          .checked=${same}
          @change=${() => this.send({ padding: same ? 0 : "same" })}
        />${t("Padding “same”: the size stays")}</label
      >`;
  }

  pooling() {
    const { pool, poolStride } = this.state;
    const ranges = rangesOf(this.bounds);
    return html` ${this.number("pool", t("Window"), pool, ranges.pool, (value) => ({ pool: value }))}
    ${this.number("poolstride", t("Stride"), poolStride, ranges.poolStride, (value) => ({ poolStride: value }))}`;
  }

  /** @param {string} name @param {string} label @param {number} value @param {[number, number]} range @param {(value: number) => Partial<ConvolutionState>} change */
  number(name, label, value, [min, max], change) {
    return html`<label class="above" data-control=${name}
      ><span>${label}</span
      ><lente-number
        data-field=${label}
        .value=${value}
        .label=${label}
        .min=${min}
        .max=${max}
        whole
        @number=${(/** @type {CustomEvent<number>} */ event) => this.send(change(event.detail))}
      ></lente-number
    ></label>`;
  }

  formula() {
    const { height, width, stride, dilation, border } = windowOf(this.state);
    const lines = [
      { name: t("Height"), size: this.size[0], kernel: height, around: [border.top, border.bottom] },
      { name: t("Width"), size: this.size[1], kernel: width, around: [border.left, border.right] },
    ];
    const square = lines[0].size === lines[1].size && height === width;
    return html`<div class="formula">
      <span class="small">${t("⌊(size + 2 × padding − dilation × (kernel − 1) − 1) ÷ stride⌋ + 1")}</span>
      ${(square ? [{ ...lines[0], name: t("Each side") }] : lines).map((line) => this.line({ ...line, stride, dilation }))}
    </div>`;
  }

  /** @param {{name: string, size: number, kernel: number, around: number[], stride: number, dilation: number}} side */
  line({ name, size, kernel, around: [before, after], stride, dilation }) {
    const padding = before + after;
    const twice = before === after ? `2 × ${before}` : `${before} + ${after}`;
    const places = outputSize({ size, kernel, padding, stride, dilation });
    const rest = (size + padding - dilation * (kernel - 1) - 1) % stride;
    const unseen = places > 0 && rest > 0 ? t("The last {rest} are never reached.", { rest }) : "";
    return html`<output aria-live="off" data-formula
        >${withColon(name)} ⌊(${size} + ${twice} − ${dilation} × (${kernel} − 1) − 1) ÷ ${stride}⌋ + 1 =
        <strong>${places}</strong></output
      >
      ${unseen ? html`<span class="small">${unseen}</span>` : nothing}`;
  }

  /** @param {Partial<ConvolutionState>} detail */
  send(detail) {
    this.emit("change-state", detail);
  }
}

customElements.define("lente-window-settings", LenteWindowSettings);
