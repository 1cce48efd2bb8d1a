import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { exactNumber } from "../shared/numbers.js";
import { numberOf } from "./address.js";
import { tableOf } from "./lente-lesson-question.js";
import { keptPicture } from "./progress.js";
import { LESSON_WORDS, taskParts } from "./words.js";

/**
 * @typedef {import("./steps.js").LessonStep} LessonStep
 * @typedef {import("./words.js").LessonWords} LessonWords
 */

/** The lesson on paper: questions, room for the answers, the exhibits as they were left. Only printers see it. */
export class LenteHandout extends LenteElement {
  static properties = { assigned: { attribute: false }, progress: { attribute: false } };

  constructor() {
    super();
    /** @type {LessonStep[]} */ this.assigned = [];
    /** @type {import("./progress.js").LessonProgress} */ this.progress = {
      steps: {},
      last: "",
      notes: false,
      folded: false,
    };
  }

  render() {
    return html`<p class="handout-head"><span>${t("Name")}</span><span>${t("Date")}</span></p>
      ${this.assigned.map((step) => this.sheet(step, numberOf(step)))}`;
  }

  /** @param {LessonStep} step @param {number} number */
  sheet(step, number) {
    const words = LESSON_WORDS[step.name];
    const { predicted } = this.progress.steps[step.name] ?? {};
    const picture = keptPicture(step.name);
    return html`<article class="handout-step" data-step=${step.name} data-pictured=${picture !== ""}>
      <div>
        <h2><span class="figures">${number}</span> ${t(words.title)}</h2>
        <p>${t(words.question)}</p>
        ${step.tables.length ? html`<div class="question-tables">${step.tables.map((table) => tableOf(table))}</div>` : nothing}
        ${
          words.options
            ? html`<ul class="handout-options">
                ${words.options.map((option, i) => html`<li data-chosen=${predicted === i}>${t(option)}</li>`)}
              </ul>`
            : html`<p class="handout-line">
                <span>${t("I predict:")}</span><b>${typeof predicted === "number" ? exactNumber(predicted) : ""}</b>
              </p>`
        }
        <p class="handout-task">${taskParts(t(words.task)).join("")}</p>
        <p class="handout-line"><span>${t("What I saw:")}</span><b></b></p>
        <p class="handout-line"><b></b></p>
        ${this.progress.notes ? this.notes(step, words) : nothing}
      </div>
      ${picture ? html`<figure><img src=${picture} alt=${t(words.title)} /></figure>` : nothing}
    </article>`;
  }

  /** @param {LessonStep} step @param {LessonWords} words */
  notes({ answer }, { options, reveal, note }) {
    return html`<div class="handout-notes">
      <p><b>${options ? t(options[answer]) : exactNumber(answer)}.</b> ${t(reveal)}</p>
      <p>${t(note)}</p>
    </div>`;
  }
}

customElements.define("lente-handout", LenteHandout);
