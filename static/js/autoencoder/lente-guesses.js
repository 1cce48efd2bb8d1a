import { html } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { listOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { whenNear } from "../frame/when_near.js";
import { fetchGuesses } from "./guesses.js";
import "../shared/ui/lente-guess.js";

/** Questions to be answered before the figures are shown. Rendered in the page. */
export class LenteGuesses extends LenteElement {
  static properties = { guesses: { state: true }, chosen: { state: true }, fault: { state: true } };

  constructor() {
    super();
    /** @type {import("../shared/ui/lente-guess.js").Guess[]} */ this.guesses = [];
    /** What was answered, the place of an option by the question's; -1 for none. @type {number[]} */ this.chosen = [];
    addressed(this, { chosen: { name: "guesses", first: [], accepts: listOf(wholeFrom(-1)) } });
    this.fault = "";
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  async load() {
    try {
      this.guesses = await fetchGuesses();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {number} question @param {number} option */
  choose(question, option) {
    this.chosen = this.guesses.map((_, i) => (i === question ? option : (this.chosen[i] ?? -1)));
  }

  render() {
    return html`<div class="guesses">
        ${this.guesses.map(
          (guess, i) =>
            html`<lente-guess
              .guess=${guess}
              .chosen=${guess.options[this.chosen[i]] ?? null}
              @guess=${(/** @type {CustomEvent<string>} */ event) => this.choose(i, guess.options.indexOf(event.detail))}
            ></lente-guess>`,
        )}
      </div>
      ${notice(this.fault)}`;
  }
}

customElements.define("lente-guesses", LenteGuesses);
