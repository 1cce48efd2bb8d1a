import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { numberOf, stepAddress } from "./address.js";
import { forgetStep } from "./progress.js";
import { answersRight, lessonSteps } from "./steps.js";
import { LESSON_WORDS } from "./words.js";

/** @typedef {import("./steps.js").LessonStep} LessonStep */

/** What somebody does who wants more. @type {[page: string, words: string][]} */
const ONWARD = [
  ["digits", N_("Draw a digit of your own, and watch the network read it")],
  ["features", N_("Give a photograph of your own to a network")],
  ["autoencoder", N_("Draw something that is no digit, and see what becomes of it")],
  ["latent", N_("Walk about on the map of handwriting")],
];

/** The end of the lesson, or of a part of it: what was right, what to do again, and what comes next. Rendered in the page. */
export class LenteLessonEnd extends LenteElement {
  static properties = { paths: { attribute: false }, assigned: { attribute: false }, progress: { attribute: false } };

  constructor() {
    super();
    /** Addresses of the pages by their nouns. @type {Record<string, string>} */ this.paths = {};
    /** @type {LessonStep[]} */ this.assigned = [];
    /** @type {import("./progress.js").LessonProgress | null} */ this.progress = null;
  }

  render() {
    const right = this.assigned.filter((step) => this.isRight(step));
    const again = this.assigned.filter((step) => !this.isRight(step));
    return html`<h2>${t("The end")}</h2>
      <p class="lesson-score">
        ${t("{right} of {count} predicted right.", { right: right.length, count: this.assigned.length })}
      </p>
      <div class="lesson-results">
        ${right.length ? this.list("right", t("You saw these coming"), right, this.assigned) : nothing}
        ${again.length ? this.list("again", t("Do these again"), again, again) : nothing}
        <section data-result="onward">
          <h3>${t("What next")}</h3>
          <ul>
            ${ONWARD.map(([page, words]) => html`<li><a href=${this.paths[page]}>${t(words)}</a></li>`)}
            ${this.assigned.length < lessonSteps.length ? html`<li><a href=${this.paths.lesson}>${t("The whole lesson, all {count} steps", { count: lessonSteps.length })}</a></li>` : nothing}
          </ul>
        </section>
      </div>
      <p class="row">
        <button type="button" class="primary" data-do="print" @click=${() => print()}>
          ${t("Print what you did")}
        </button>
        ${again.length ? html`<a class="button" data-do="again" href=${stepAddress(this.paths, again[0], again)} @click=${() => again.forEach(({ name }) => forgetStep(name))}>${t("Do these again, one after the other")} →</a>` : nothing}
      </p>`;
  }

  /** @param {LessonStep} step */
  isRight({ name, answer }) {
    const predicted = this.progress?.steps[name]?.predicted;
    return typeof predicted === "number" && answersRight(predicted, answer);
  }

  /** @param {"right" | "again"} result @param {string} title @param {LessonStep[]} steps @param {LessonStep[]} part to which its links belong */
  list(result, title, steps, part) {
    const forget = (/** @type {LessonStep} */ { name }) => result === "again" && forgetStep(name);
    return html`<section data-result=${result}>
      <h3>${title}</h3>
      <ol>
        ${steps.map((step) => html`<li value=${numberOf(step)}><a href=${stepAddress(this.paths, step, part)} @click=${() => forget(step)}>${t(LESSON_WORDS[step.name].title)}</a></li>`)}
      </ol>
    </section>`;
  }
}

/**
 * Whether all of a part was answered and done.
 *
 * @param {LessonStep[]} part
 * @param {import("./progress.js").LessonProgress} progress
 */
export function isAtEnd(part, { steps }) {
  return part.every(({ name }) => steps[name]?.done && steps[name].predicted !== undefined);
}

customElements.define("lente-lesson-end", LenteLessonEnd);
