import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { exactNumber, parseNumber } from "../shared/numbers.js";
import { answersRight } from "./steps.js";

/**
 * @typedef {import("./steps.js").LessonStep} LessonStep
 * @typedef {import("./words.js").LessonWords} LessonWords
 */

/**
 * A question of the lesson: a choice or a number is predicted, and checked once `told`. Rendered in the page.
 *
 * @fires predict - the prediction; null where the question is skipped
 */
export class LenteLessonQuestion extends LenteElement {
  static properties = {
    step: { attribute: false },
    words: { attribute: false },
    predicted: { attribute: false },
    told: { type: Boolean },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {LessonStep | null} */ this.step = null;
    /** @type {LessonWords | null} */ this.words = null;
    /** @type {number | null | undefined} null where it was skipped */ this.predicted = undefined;
    this.told = false;
    this.fault = "";
  }

  render() {
    const { step, words } = this;
    if (!step || !words) return nothing;
    return html`<p id="question">${t(words.question)}</p>
      ${step.tables.length ? html`<div class="question-tables">${step.tables.map((table) => tableOf(table))}</div>` : nothing}
      ${this.told ? nothing : words.options ? this.choice(words.options) : this.number()}
      <p class="prediction-kept">${this.state(step)}</p>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("predicted") || changed.has("told"))
      announce(() => this.querySelector(".prediction-kept")?.textContent);
  }

  /** @param {string[]} options */
  choice(options) {
    return html`<div class="row question-options" role="group" aria-labelledby="question">
      ${options.map(
        (option, i) =>
          html` <button type="button" aria-pressed=${this.predicted === i} @click=${() => this.send(i)}>
            ${t(option)}
          </button>`,
      )}${this.skip()}
    </div>`;
  }

  number() {
    const value = typeof this.predicted === "number" ? exactNumber(this.predicted) : "";
    return html`<form class="row question-number" @submit=${this.onSubmit}>
      <input
        type="text"
        inputmode="text"
        autocomplete="off"
        aria-labelledby="question"
        aria-invalid=${this.fault !== ""}
        .value=${value}
        @input=${() => (this.fault = "")}
      />
      <button>${t("I think so")}</button>${this.skip()}
      ${this.fault ? html`<span class="question-fault" role="alert">${this.fault}</span>` : nothing}
    </form>`;
  }

  skip() {
    return this.predicted === undefined
      ? html`<button type="button" class="quiet" @click=${() => this.send(null)}>${t("I don't know")}</button>`
      : nothing;
  }

  /** @param {LessonStep} step */
  state({ answer }) {
    const { predicted } = this;
    if (predicted === undefined) return "";
    if (!this.told) return predicted === null ? t("Then let us see.") : t("Noted. Now see whether it is so.");
    if (predicted === null) return html`<strong>${t("It is {answer}.", { answer: this.write(answer) })}</strong>`;
    return answersRight(predicted, answer)
      ? html`<strong class="said-right">${t("Right: {answer}.", { answer: this.write(answer) })}</strong>`
      : html`<strong class="said-wrong"
          >${t("You said {guess}; it is {answer}.", { guess: this.write(predicted), answer: this.write(answer) })}</strong
        >`;
  }

  /** @param {number} answer */
  write(answer) {
    const option = this.words?.options?.[answer];
    return option === undefined ? exactNumber(answer) : t("“{option}”", { option: t(option) });
  }

  /** @param {SubmitEvent} event */
  onSubmit(event) {
    event.preventDefault();
    const text = /** @type {HTMLInputElement} */ (this.querySelector("input")).value;
    const predicted = parseNumber(text);
    if (predicted === undefined)
      this.fault = t("“{text}” is not a number. Write one such as 2, −0.5 or 1/9.", { text });
    else this.send(predicted);
  }

  /** @param {number | null} predicted */
  send(predicted) {
    this.fault = "";
    this.emit("predict", predicted);
  }
}

/** @param {number[][]} table */
export function tableOf(table) {
  return html`<table class="figures small-table">
    <tbody>
      ${table.map(
        (row) =>
          html`<tr>
            ${row.map((value) => html`<td>${exactNumber(value)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define("lente-lesson-question", LenteLessonQuestion);
