import { html, nothing } from "vendor/lit";
import { LenteElement } from "../../frame/element.js";
import { t } from "../../frame/i18n.js";
import { marked } from "../../frame/decimal.js";
import { parseNumber } from "../numbers.js";

const PIXELS_PER_STEP = 8;

/**
 * A number that is typed, dragged sideways, or moved with the arrow keys (ten steps with Shift). Rendered in the page.
 *
 * @fires number - the new value; with `late` not before Enter or the next field
 * @fires fault - a sentence about what was typed and what is accepted; empty once it is mended
 */
export class LenteNumber extends LenteElement {
  static properties = {
    value: { type: Number },
    min: { type: Number },
    max: { type: Number },
    step: { type: Number },
    whole: { type: Boolean },
    late: { type: Boolean },
    label: { type: String },
    wrong: { state: true },
  };

  constructor() {
    super();
    /** Nothing is written where there is none. @type {number | null} */ this.value = 0;
    this.min = -Infinity;
    this.max = Infinity;
    this.step = 1;
    this.whole = false;
    /** Whether what is typed counts only once it is whole: where each answer costs something. */ this.late = false;
    this.label = "";
    this.wrong = false;
    /** @type {{x: number, value: number, moved: boolean} | null} */ this.drag = null;
  }

  render() {
    return html`<input
      type="text"
      inputmode=${this.min < 0 ? "text" : "decimal"}
      autocomplete="off"
      spellcheck="false"
      placeholder=${this.value === null ? "–" : nothing}
      aria-label=${this.label}
      title=${this.label}
      aria-invalid=${this.wrong}
      @input=${this.onInput}
      @change=${this.onChange}
      @keydown=${this.onKey}
      @blur=${this.onBlur}
      @focus=${this.onFocus}
      @pointerdown=${this.onDown}
      @pointermove=${this.onMove}
      @pointerup=${this.onUp}
      @pointercancel=${this.onUp}
    />`;
  }

  get field() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input"));
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has("value")) return;
    if (document.activeElement === this.field && parseNumber(this.field.value) === this.value) return;
    this.write();
  }

  /** Shows the value, as short as it can be exact. */
  write() {
    // toPrecision(6) would make another number of a long seed
    const { value } = this;
    this.field.value = value === null ? "" : marked(String(this.whole ? value : Number(value.toPrecision(6))));
    this.say("");
  }

  onInput() {
    const value = this.typed();
    if (value !== undefined && !this.late) this.send(value);
  }

  onChange() {
    const value = this.typed();
    if (value !== undefined) this.send(value);
  }

  /** What stands in the field, undefined where that is no such number; says so. */
  typed() {
    const text = this.field.value;
    const value = parseNumber(text);
    if (value === undefined)
      return this.say(t("“{text}” is not a number. Write one such as 2, −0.5 or 1/9.", { text }));
    if (this.whole && !Number.isInteger(value)) return this.say(t("{value} is not a whole number.", { value: text }));
    if (value < this.min || value > this.max) return this.say(this.outside(text));
    this.say("");
    return value;
  }

  /** @param {string} value */
  outside(value) {
    if (this.max === Infinity)
      return t("{label}: {value} is too small, the least is {min}.", { label: this.label, value, min: this.min });
    return t("{label}: {value} is out of reach, accepted are {min} to {max}.", {
      label: this.label,
      value,
      min: this.min,
      max: this.max,
    });
  }

  /** @param {string} words @returns {undefined} */
  say(words) {
    if (!words && !this.wrong) return;
    this.wrong = words !== "";
    this.emit("fault", words);
  }

  /** @param {number} value */
  send(value) {
    if (value === this.value) return;
    this.value = value;
    this.tell("number", value);
  }

  /** @param {number} value */
  move(value) {
    const bounded = Math.min(Math.max(value, this.min), this.max);
    this.send(Number(bounded.toPrecision(10)));
  }

  onFocus() {
    if (!this.drag) this.field.select();
  }

  onBlur() {
    this.write();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Escape") this.write();
    if (!way) return;
    event.preventDefault();
    this.move((this.value ?? 0) + way * this.step * (event.shiftKey ? 10 : 1));
    this.write();
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    if (event.button) return;
    this.drag = { x: event.clientX, value: this.value ?? 0, moved: false };
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    if (!this.drag || !event.buttons) return;
    const steps = Math.trunc((event.clientX - this.drag.x) / PIXELS_PER_STEP);
    if (!this.drag.moved && !steps) return;
    if (!this.drag.moved) this.field.setPointerCapture(event.pointerId);
    this.drag.moved = true;
    this.move(this.drag.value + steps * this.step);
    this.write();
  }

  onUp() {
    if (this.drag?.moved) this.field.blur();
    else this.field.select();
    this.drag = null;
  }
}

customElements.define("lente-number", LenteNumber);
