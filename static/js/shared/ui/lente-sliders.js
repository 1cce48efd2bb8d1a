import { classMap, html, live, nothing, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../../frame/element.js";
import { marked } from "../../frame/decimal.js";
import { t } from "../../frame/i18n.js";
import { formatNumber, parseNumber } from "../numbers.js";
import { LARGEST } from "./slider_rows.js";
import "./lente-pictures.js";

/** @typedef {import("./slider_rows.js").SliderRow} SliderRow */

/**
 * A slider, and a field for the exact value, for each number of a code.
 *
 * @fires slide - {index, value} while one moves or when a value is typed
 */
export class LenteSliders extends LenteElement {
  static properties = {
    rows: { attribute: false },
    values: { attribute: false },
    touched: { attribute: false },
    strips: { attribute: false },
    typed: { state: true },
    wrong: { state: true },
  };

  constructor() {
    super();
    /** @type {SliderRow[]} */ this.rows = [];
    /** @type {ArrayLike<number>} */ this.values = [];
    /** @type {number | null} the number that something else is moving */ this.touched = null;
    /** @type {Map<number, Float32Array> | null} what each number does to the picture, from end to end */ this.strips =
      null;
    /** @type {{index: number, text: string} | null} what is in a field and not yet taken */ this.typed = null;
    /** @type {{index: number, text: string} | null} */ this.wrong = null;
  }

  render() {
    const most = Math.max(...this.rows.map(({ kl }) => kl ?? 0), 1e-9);
    return html`${this.rows.map((row) => this.row(row, most))}
    ${notice(this.wrong && html`${t("“{text}” cannot be used: a number from −{most} to {most} is accepted.", { text: this.wrong.text, most: LARGEST })}`)}`;
  }

  /** @param {SliderRow} row @param {number} most */
  row({ index, low, high, kl, unused }, most) {
    const value = this.values[index] ?? 0;
    const name = `z${subscript(index + 1)}`;
    return html`<div
      class=${classMap({ "slider-row": true, unused, "with-kl": kl !== null, "with-strip": this.strips !== null, touched: this.touched === index })}
    >
      <span class="figures">z<sub>${index + 1}</sub></span>
      <input
        type="range"
        min=${low}
        max=${high}
        step="0.01"
        aria-label=${name}
        .value=${live(String(value))}
        @input=${(/** @type {Event} */ event) => this.slide(index, event)}
      />
      <input
        type="text"
        class="exact"
        autocomplete="off"
        aria-label=${t("{name}, exact value", { name })}
        aria-invalid=${this.wrong?.index === index}
        .value=${live(this.typed?.index === index ? this.typed.text : marked((Math.round(100 * value) / 100 || 0).toFixed(2)))}
        @input=${(/** @type {Event} */ event) => (this.typed = { index, text: /** @type {HTMLInputElement} */ (event.target).value })}
        @blur=${() => (this.typed = null)}
        @change=${(/** @type {Event} */ event) => this.type(index, event)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.step(index, event)}
      />
      ${this.strips ? html`<lente-pictures still columns="7" .pictures=${this.strips.get(index) ?? null} label=${t("{name} from one end to the other", { name })}></lente-pictures>` : nothing}
      ${
        kl === null
          ? nothing
          : html`<span
              class="kl"
              title=${t("KL divergence: this number carries {kl} nats at most, on average", { kl: formatNumber(kl, 2) })}
            >
              <i style=${styleMap({ transform: `scaleX(${kl / most})` })}></i
              ><output aria-live="off">${formatNumber(kl, 2)}</output></span
            >`
      }
    </div>`;
  }

  /** @param {number} index @param {Event} event */
  slide(index, event) {
    this.wrong = null;
    this.send(index, Number(/** @type {HTMLInputElement} */ (event.target).value));
  }

  /** @param {number} index @param {Event} event */
  type(index, event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const value = parseNumber(field.value);
    this.typed = null;
    const fits = value !== undefined && Math.abs(value) <= LARGEST;
    this.wrong = fits ? null : { index, text: field.value };
    if (!fits) return this.requestUpdate();
    this.send(index, value);
  }

  /** One more or one less of the last decimal. @param {number} index @param {KeyboardEvent} event */
  step(index, event) {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const value = parseNumber(/** @type {HTMLInputElement} */ (event.target).value);
    if (!way || value === undefined || Math.abs(value) > LARGEST) return;
    event.preventDefault();
    this.typed = this.wrong = null;
    this.send(index, Math.round(100 * value + way) / 100);
  }

  /** @param {number} index @param {number} value */
  send(index, value) {
    this.emit("slide", { index, value });
  }
}

/** @param {number} number */
function subscript(number) {
  return [...String(number)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}

customElements.define("lente-sliders", LenteSliders);
