import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { FAILURES } from "./failures.js";

/** @typedef {import("./failures.js").Failure} Failure */

/**
 * Runs that are set to fail, or are not: each begins once somebody has said what will happen. Rendered in the page.
 *
 * @fires fail - {Failure} the run that is to begin
 */
export class LenteFailures extends LenteElement {
  static properties = { question: { attribute: false }, said: { state: true } };

  constructor() {
    super();
    /** @type {Failure | null} */ this.question = null;
    /** Which option was chosen. @type {number | null} */ this.said = null;
  }

  render() {
    return html`<section class="noise-failures" data-hideable="failures">
      <h3>${t("Set to fail: what do you expect?")}</h3>
      <div class="row">
        ${FAILURES.map(
          (failure) =>
            html`<button
              type="button"
              data-failure=${failure.name}
              aria-pressed=${this.question === failure}
              @click=${() => Object.assign(this, { question: failure, said: null })}
            >
              ${t(failure.title)}
            </button>`,
        )}
      </div>
      ${this.question ? this.asked(this.question) : nothing}
    </section>`;
  }

  /** @param {Failure} failure */
  asked(failure) {
    const { question, options, right, reveal } = failure;
    return html`<p>${t(question)}</p>
      <div class="row">
        ${options.map(
          (option, i) =>
            html`<button
              type="button"
              data-option=${i}
              aria-pressed=${this.said === i}
              @click=${() => this.answer(failure, i)}
            >
              ${t(option)}
            </button>`,
        )}
      </div>
      ${this.said === null ? nothing : html`<p data-part="reveal">${this.said === right ? t("So it is; watch it above.") : t("Watch it above.")} ${t(reveal)}</p>`}`;
  }

  /** @param {Failure} failure @param {number} option */
  answer(failure, option) {
    const first = this.said === null;
    this.said = option;
    if (first) this.emit("fail", failure);
  }
}

customElements.define("lente-failures", LenteFailures);
