import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { exactNumber, parseNumber } from "../shared/numbers.js";

/**
 * "Predict the next value": asks for a number, checks it, keeps the score. Rendered in the page.
 *
 * @fires predict - begins or goes on: the next value is to be hidden
 * @fires reveal - the value is to be shown
 * @fires giveup - the exercise ends
 */
export class LentePrediction extends LenteElement {
  static properties = {
    answer: { attribute: false },
    stage: { state: true },
    guess: { state: true },
    score: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** The value that is asked for. */ this.answer = 0;
    /** @type {"idle" | "asking" | "told"} */ this.stage = "idle";
    this.guess = 0;
    this.score = { right: 0, asked: 0 };
    this.fault = "";
  }

  render() {
    if (this.stage === "idle")
      return html`<button type="button" data-do="predict" @click=${this.begin}>${t("Predict the next value")}</button>`;
    return html`<form class="row prediction" @submit=${this.check}>
      ${this.stage === "asking" ? this.question() : this.verdict()}
      <span class="small">${this.score.asked ? t("{right} of {asked} right", this.score) : ""}</span>
      <button type="button" class="quiet" @click=${this.end}>${t("Finish")}</button>
    </form>`;
  }

  question() {
    return html`<label
        >${t("What comes next?")}
        <input
          type="text"
          inputmode="text"
          autocomplete="off"
          aria-invalid=${this.fault !== ""}
          @input=${() => (this.fault = "")}
      /></label>
      <button class="primary">${t("Check")}</button
      >${this.fault ? html`<span class="prediction-wrong" role="alert">${this.fault}</span>` : nothing}`;
  }

  verdict() {
    const answer = exactNumber(this.answer);
    const words = this.right
      ? t("Right: {answer}.", { answer })
      : t("It is {answer}; you said {guess}.", { answer, guess: exactNumber(this.guess) });
    return html`<strong class=${this.right ? "prediction-right" : "prediction-wrong"}>${words}</strong>
      <button type="button" class="primary" data-do="next" @click=${this.begin}>${t("The next one")}</button>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("stage") && this.stage === "told") announce(() => this.querySelector("strong")?.textContent);
  }

  /** Right to a hundredth, or to half a percent of a large number. */
  get right() {
    return Math.abs(this.guess - this.answer) <= Math.max(0.01, Math.abs(this.answer) * 0.005);
  }

  async begin() {
    this.stage = "asking";
    this.fault = "";
    this.tell("predict");
    await this.updateComplete;
    const field = /** @type {HTMLInputElement} */ (this.querySelector("input"));
    field.value = "";
    field.focus({ preventScroll: true });
  }

  /** @param {SubmitEvent} event */
  check(event) {
    event.preventDefault();
    if (this.stage !== "asking") return;
    const text = /** @type {HTMLInputElement} */ (this.querySelector("input")).value;
    const guess = parseNumber(text);
    if (guess === undefined) {
      this.fault = t("“{text}” is not a number. Write one such as 2, −0.5 or 1/9.", { text });
      return;
    }
    this.guess = guess;
    this.score = { right: this.score.right + (this.right ? 1 : 0), asked: this.score.asked + 1 };
    this.stage = "told";
    this.tell("reveal");
  }

  end() {
    this.stage = "idle";
    this.score = { right: 0, asked: 0 };
    this.tell("giveup");
  }
}

customElements.define("lente-prediction", LentePrediction);
