import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { askReach, originFor, wayIn } from "../frame/reach.js";
import { newest } from "../shared/newest.js";
import { lessonAddress, readPart } from "./address.js";
import { lessonSteps } from "./steps.js";

/** Where a teacher makes the address of a part of the lesson. Rendered in the page. */
export class LenteLessonAssign extends LenteElement {
  static properties = {
    paths: { attribute: false },
    text: { state: true },
    copied: { state: true },
    reached: { state: true },
  };

  constructor() {
    super();
    /** Addresses of the pages by their nouns. @type {Record<string, string>} */ this.paths = {};
    this.text = "1-6";
    this.copied = false;
    /** Where the class finds it. @type {import("../frame/reach.js").Reach | null} */ this.reached = null;
    this.ask = newest(askReach, (reached) => (this.reached = reached));
  }

  render() {
    const { assigned, refused } = readPart(this.text);
    const path = lessonAddress(this.paths, assigned);
    const address = new URL(path, originFor(this.reached)).href;
    return html`<details class="lesson-assign" @toggle=${() => this.ask(path)}>
      <summary>${t("Assign a part of it")}</summary>
      <p>
        ${t("An hour is not twenty steps. Whoever opens this address finds these steps alone; progress, handout and end are theirs.")}
      </p>
      <div class="row">
        <label class="above"
          ><span>${t("Steps")}</span
          ><input
            type="text"
            autocomplete="off"
            aria-invalid=${refused !== ""}
            .value=${this.text}
            @input=${(/** @type {Event} */ event) => this.write(/** @type {HTMLInputElement} */ (event.target).value)}
        /></label>
        ${
          refused
            ? nothing
            : html`<a class="assigned figures" href=${address}>${address}</a>
                <button type="button" @click=${() => this.copy(address)}>
                  ${this.copied ? t("Copied") : t("Copy")}
                </button>`
        }
      </div>
      ${refused ? notice(refusal(refused)) : wayIn(this.reached)}
    </details>`;
  }

  /** @param {string} text */
  write(text) {
    this.text = text;
    this.copied = false;
    const { assigned, refused } = readPart(text);
    if (!refused) this.ask(lessonAddress(this.paths, assigned));
  }

  /** @param {string} address */
  async copy(address) {
    await navigator.clipboard.writeText(address).then(
      () => (this.copied = true),
      () => getSelection()?.selectAllChildren(/** @type {Node} */ (this.querySelector(".assigned"))), // it can be copied by hand
    );
  }
}

/** Why a part is not one. @param {string} text */
export function refusal(text) {
  return t("“{text}” names no steps of this lesson. Write numbers from 1 to {count}, such as 1-5 or 1,3,7-9.", {
    text: text.trim(),
    count: lessonSteps.length,
  });
}

customElements.define("lente-lesson-assign", LenteLessonAssign);
