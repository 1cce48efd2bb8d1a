import { html, nothing } from "vendor/lit";
import { LenteElement } from "../../frame/element.js";
import { announce } from "../../frame/announce.js";
import { t } from "../../frame/i18n.js";

/**
 * A question to be answered before the figure is shown.
 *
 * @typedef {object} Guess
 * @property {string} question
 * @property {string[]} options
 * @property {string} answer one of the options
 * @property {string} figures what the networks in the box say
 */

/**
 * One question: choose an answer, then see the real figures. Rendered in the page.
 *
 * @fires guess - the option that was chosen
 */
export class LenteGuess extends LenteElement {
  static properties = { guess: { attribute: false }, chosen: { attribute: false } };

  constructor() {
    super();
    /** @type {Guess | null} */ this.guess = null;
    /** @type {string | null} */ this.chosen = null;
  }

  render() {
    if (!this.guess) return nothing;
    const { question, options } = this.guess;
    return html`<fieldset>
        <legend>${question}</legend>
        <div class="row">
          ${options.map((option) => html`<button type="button" aria-pressed=${option === this.chosen} @click=${() => this.tell("guess", option)}>${option}</button>`)}
        </div>
      </fieldset>
      <p class="guess-answer">
        ${this.chosen === null ? t("Choose first; then the figures appear.") : this.verdict(this.guess, this.chosen)}
      </p>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.chosen !== null && changed.has("chosen")) announce(() => this.querySelector(".guess-answer")?.textContent);
  }

  /** @param {Guess} guess @param {string} chosen */
  verdict({ answer, figures }, chosen) {
    return html`<strong
        >${chosen === answer ? t("Yes: {answer}.", { answer }) : t("It is {answer}.", { answer })}</strong
      >
      ${figures}`;
  }
}

customElements.define("lente-guess", LenteGuess);
