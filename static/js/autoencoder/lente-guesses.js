import { html } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { whenNear } from "../frame/when_near.js";
import { fetchGuesses } from "./guesses.js";
import "./lente-guess.js";

/** Questions to be answered before the figures are shown. Rendered in the page. */
export class LenteGuesses extends LenteElement {
  static properties = { guesses: { state: true }, fault: { state: true } };

  constructor() {
    super();
    /** @type {import("./lente-guess.js").Guess[]} */ this.guesses = [];
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

  render() {
    return html`<div class="guesses">
        ${this.guesses.map((guess) => html`<lente-guess .guess=${guess}></lente-guess>`)}
      </div>
      ${notice(this.fault)}`;
  }
}

customElements.define("lente-guesses", LenteGuesses);
