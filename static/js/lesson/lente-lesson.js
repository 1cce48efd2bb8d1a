import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { readUrl } from "../frame/address.js";
import { N_, t } from "../frame/i18n.js";
import { numberOf, readPart, stepAddress } from "./address.js";
import { refusal } from "./lente-lesson-assign.js";
import { isAtEnd } from "./lente-lesson-end.js";
import { forgetProgress, keepProgress, keptPicture, readProgress } from "./progress.js";
import { LESSON_WORDS } from "./words.js";
import "./lente-handout.js";

/** @typedef {import("./steps.js").LessonStep} LessonStep */

/** @type {Record<string, string>} */
const PAGES = {
  image: N_("Image"),
  convolution: N_("Convolution"),
  digits: N_("Digits"),
  learning: N_("Learning"),
  features: N_("Features"),
  autoencoder: N_("Autoencoder"),
  latent: N_("Latent space"),
  diffusion: N_("Diffusion"),
};

/** The lesson's steps, what was done of them, and its handout for the printer. Rendered in the page. */
export class LenteLesson extends LenteElement {
  static properties = { paths: { type: Object }, progress: { state: true } };

  constructor() {
    super();
    /** Addresses of the pages by their nouns. @type {Record<string, string>} */ this.paths = {};
    this.progress = readProgress();
    const { assigned, refused } = readPart(readUrl().steps);
    /** The steps that were assigned. */ this.assigned = assigned;
    /** What the address asks for in vain. */ this.refused = refused;
    this.onShow = () => (this.progress = readProgress()); // the browser may have kept the page as it was
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("pageshow", this.onShow);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("pageshow", this.onShow);
  }

  render() {
    return html`<div class="lesson-screen">
        ${notice(this.refused && refusal(this.refused))} ${this.ended ? this.end() : nothing} ${this.tools()}
        <div class="lesson-groups">${Object.entries(PAGES).map(([page, title]) => this.group(page, title))}</div>
      </div>
      <lente-handout .assigned=${this.assigned} .progress=${this.progress}></lente-handout>`;
  }

  get ended() {
    return isAtEnd(this.assigned, this.progress);
  }

  end() {
    return html`<lente-lesson-end
      .paths=${this.paths}
      .assigned=${this.assigned}
      .progress=${this.progress}
    ></lente-lesson-end>`;
  }

  tools() {
    const done = this.assigned.filter(({ name }) => this.progress.steps[name]?.done).length;
    return html`<div class="row lesson-tools">
        ${this.ended ? nothing : this.ways()}
        <label
          ><input
            type="checkbox"
            data-do="notes"
            .checked=${this.progress.notes}
            @change=${this.toggleNotes}
          />${t("Teacher's notes")}</label
        >
        ${this.progress.last ? html`<button type="button" class="quiet" data-do="reset" @click=${this.reset}>${t("Begin anew")}</button>` : nothing}
      </div>
      <p class="small">
        ${t("{done} of {count} tasks done. The browser keeps your answers and a picture of each exhibit as you left it; nothing is sent anywhere.", { done, count: this.assigned.length })}
      </p>
      <lente-lesson-assign .paths=${this.paths}></lente-lesson-assign>`;
  }

  /** On with the lesson, and its handout; at the end they are part of it. */
  ways() {
    const { next } = this;
    const begun = this.assigned.some(({ name }) => name === this.progress.last);
    return html`<a class="button primary" data-do="go" href=${stepAddress(this.paths, next, this.assigned)}
        >${begun ? t("Go on: {title}", { title: t(LESSON_WORDS[next.name].title) }) : t("Begin with the first step")}
        →</a
      >
      <button type="button" data-do="print" @click=${() => print()}>${t("Print as a handout")}</button>`;
  }

  /** The first step after the last one opened that is still to be done. @returns {LessonStep} */
  get next() {
    const { last, steps } = this.progress;
    const at = Math.max(
      this.assigned.findIndex(({ name }) => name === last),
      0,
    );
    const open = [...this.assigned.slice(at), ...this.assigned].find(({ name }) => !steps[name]?.done);
    return open ?? this.assigned[0];
  }

  /** @param {string} page @param {string} title */
  group(page, title) {
    const steps = this.assigned.filter((step) => step.page === page);
    if (!steps.length) return nothing;
    return html`<section class="lesson-group">
      <h2>${t(title)}</h2>
      <ol>
        ${steps.map((step) => this.step(step))}
      </ol>
    </section>`;
  }

  /** @param {LessonStep} step */
  step(step) {
    const { name } = step;
    const { note, title } = LESSON_WORDS[name];
    const done = this.progress.steps[name]?.done === true;
    const picture = done ? keptPicture(name) : "";
    return html`<li class="lesson-step" value=${numberOf(step)} data-step=${name} data-done=${done}>
      <a href=${stepAddress(this.paths, step, this.assigned)}
        ><span class="figures lesson-number">${numberOf(step)}</span
        ><span>${t(title)}</span>
        ${done ? html`<span class="said-right" role="img" aria-label=${t("done")}>✓</span>` : nothing}
        ${picture ? html`<img src=${picture} alt="" />` : nothing}</a
      >
      ${this.progress.notes ? html`<p class="small lesson-note">${t(note)}</p>` : nothing}
    </li>`;
  }

  toggleNotes() {
    keepProgress({ notes: !this.progress.notes });
    this.progress = readProgress();
  }

  reset() {
    if (!confirm(t("Forget all answers and pictures of this lesson?"))) return;
    forgetProgress();
    this.progress = readProgress();
  }
}

customElements.define("lente-lesson", LenteLesson);
