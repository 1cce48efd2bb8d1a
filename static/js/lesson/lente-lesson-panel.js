import { html, nothing } from "vendor/lit";
import { onWindow } from "../frame/events.js";
import { LenteElement } from "../frame/element.js";
import { readUrl } from "../frame/address.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { newest } from "../shared/newest.js";
import { lessonAddress } from "./address.js";
import { keepPicture, keepProgress, keepStep, readProgress } from "./progress.js";
import { lessonSteps } from "./steps.js";
import { LESSON_WORDS } from "./words.js";
import "./lente-lesson-question.js";

/** After a task was done the page still fetches and paints: pictures are taken a little later, the last one stays. */
const MOMENTS = [900, 2500, 6000];
/** Milliseconds in which a page may still grow. */
const GROWING = 5000;

/** The lesson beside a page: the question of a step, its task, and what came of it. Rendered in the page. */
export class LenteLessonPanel extends LenteElement {
  static properties = {
    paths: { type: Object },
    step: { attribute: false },
    kept: { state: true },
    notes: { state: true },
    folded: { state: true },
  };

  constructor() {
    super();
    const { notes, folded } = readProgress();
    /** Addresses of the pages by their nouns. @type {Record<string, string>} */ this.paths = {};
    /** @type {import("./steps.js").LessonStep | null} */ this.step = null;
    /** @type {import("./progress.js").StepProgress} */ this.kept = {};
    this.notes = notes;
    this.folded = folded;
    /** @type {ReturnType<typeof setTimeout>[]} */ this.timers = [];
    this.endListening = () => {};
    this.heights = new ResizeObserver(() =>
      document.documentElement.style.setProperty("--panel", `${this.offsetHeight}px`),
    );
    this.takePicture = newest(
      pictureOf,
      (picture, { name }) => keepPicture(name, picture),
      () => {}, // without a picture the lesson goes on
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.heights.observe(this);
    const { lesson } = readUrl();
    this.step = lessonSteps.find(({ name }) => name === lesson) ?? null;
    if (this.step) this.begin(this.step);
    else delete document.documentElement.dataset.lesson;
  }

  /** @param {import("./steps.js").LessonStep} step */
  begin({ name, exhibit, head, foot }) {
    this.kept = readProgress().steps[name] ?? {};
    keepProgress({ last: name });
    this.endListening = onWindow("urlwritten", () => this.look());
    bringToSight(foot ?? head ?? exhibit, foot ? "end" : "start", exhibit);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.heights.disconnect();
    this.endListening();
    this.timers.forEach(clearTimeout);
  }

  /** Has the page come to where the task wanted it? */
  look() {
    const { step } = this;
    if (!step) return;
    if (!this.kept.done && step.done(readUrl())) {
      this.keep({ done: true });
      comeBack(step.exhibit);
    }
    if (this.kept.done) this.takePictures(step);
  }

  /** @param {import("./steps.js").LessonStep} step */
  takePictures(step) {
    this.timers.forEach(clearTimeout);
    this.timers = MOMENTS.map((moment) => setTimeout(() => this.takePicture(step), moment));
  }

  /** @param {import("./progress.js").StepProgress} change */
  keep(change) {
    this.kept = { ...this.kept, ...change };
    if (this.step) keepStep(this.step.name, change);
  }

  get told() {
    return this.kept.done === true && this.kept.predicted !== undefined;
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (this.kept.done && changed.get("kept") && !changed.get("kept").done && !changed.has("step"))
      announce(() => t("Done."));
    document.documentElement.dataset.lesson = this.step ? (this.folded ? "folded" : "open") : "";
  }

  render() {
    const { step } = this;
    if (!step) return nothing;
    const words = LESSON_WORDS[step.name];
    return html`<section
      class="lesson-panel"
      aria-label=${t("Lesson")}
      data-at=${this.told ? "reveal" : this.kept.predicted === undefined ? "question" : "task"}
    >
      ${this.head(step, words)}
      <div class="lesson-parts" ?hidden=${this.folded}>
        <div class="lesson-part" data-part="question">
          <h3>${t("Predict")}</h3>
          <lente-lesson-question
            .step=${step}
            .words=${words}
            .predicted=${this.kept.predicted}
            ?told=${this.told}
            @predict=${this.onPredict}
          ></lente-lesson-question>
        </div>
        <div class="lesson-part" data-part="task">
          <h3>${t("Try it")}</h3>
          <p>${t(words.task)}</p>
          <p class="task-state">${this.taskState()}</p>
        </div>
        <div class="lesson-part" data-part="reveal">
          <h3>${t("Understand")}</h3>
          <p>${this.told ? t(words.reveal) : html`<span class="lesson-waits">${this.waits()}</span>`}</p>
        </div>
        ${
          this.notes
            ? html`<aside class="lesson-part lesson-note" data-part="note">
                <h3>${t("For the teacher")}</h3>
                <p>${t(words.note)}</p>
              </aside>`
            : nothing
        }
      </div>
    </section>`;
  }

  /** @param {import("./steps.js").LessonStep} step @param {import("./words.js").LessonWords} words */
  head(step, words) {
    const at = lessonSteps.indexOf(step);
    const [before, after] = [lessonSteps[at - 1], lessonSteps[at + 1]];
    return html`<header class="lesson-head">
      <a class="lesson-home" href=${this.paths.lesson}>${t("Lesson")}</a
      ><span class="lesson-count figures">${at + 1}/${lessonSteps.length}</span>
      <h2>${t(words.title)}</h2>
      <nav class="lesson-ways" aria-label=${t("Steps of the lesson")}>
        <button type="button" class="quiet" aria-pressed=${this.notes} @click=${this.toggleNotes}>${t("Notes")}</button>
        ${before ? html`<a class="button" rel="prev" href=${lessonAddress(this.paths, before)} aria-label=${t("Back: {title}", { title: t(LESSON_WORDS[before.name].title) })}>←</a>` : nothing}
        ${
          after
            ? html`<a
                class="button lesson-next"
                rel="next"
                data-ready=${this.told}
                href=${lessonAddress(this.paths, after)}
                aria-label=${t("Next: {title}", { title: t(LESSON_WORDS[after.name].title) })}
                >${t("Next")} →</a
              >`
            : html`<a class="button lesson-next" data-ready=${this.told} href=${this.paths.lesson}
                >${t("To the end")} →</a
              >`
        }
        <button
          type="button"
          class="quiet lesson-fold"
          aria-expanded=${!this.folded}
          aria-label=${this.folded ? t("Unfold the lesson") : t("Fold the lesson")}
          @click=${this.fold}
        >
          ${this.folded ? "▴" : "▾"}
        </button>
      </nav>
    </header>`;
  }

  taskState() {
    return this.kept.done ? html`<strong class="said-right">✓ ${t("Done.")}</strong>` : "";
  }

  waits() {
    return this.kept.done
      ? t("Done already. What did you expect? Answer, or say that you don't know.")
      : t("Appears when the question is answered and the task done.");
  }

  /** @param {CustomEvent<number | null>} event */
  onPredict({ detail: predicted }) {
    this.keep({ predicted });
  }

  toggleNotes() {
    this.notes = !this.notes;
    keepProgress({ notes: this.notes });
  }

  fold() {
    this.folded = !this.folded;
    keepProgress({ folded: this.folded });
  }
}

/** What makes pictures is fetched when the first is made. @param {import("./steps.js").LessonStep} step */
async function pictureOf({ exhibit }) {
  const { exhibitPicture } = await import("./snapshot.js");
  return exhibitPicture(/** @type {Element} */ (document.querySelector(exhibit)));
}

/** Scrolls to the exhibit of a step, and again while the page still grows, until the visitor does something. What is rendered only when near is reached by the exhibit around it. @param {string} selector @param {"start" | "end"} block @param {string} exhibit */
function bringToSight(selector, block, exhibit) {
  const own = new AbortController();
  const turns = setInterval(
    () => (document.querySelector(selector) ?? document.querySelector(exhibit))?.scrollIntoView({ block }),
    GROWING / 20,
  );
  const stop = () => [own.abort(), clearInterval(turns)];
  for (const gesture of ["wheel", "pointerdown", "keydown", "touchstart"])
    addEventListener(gesture, stop, { signal: own.signal, passive: true });
  setTimeout(stop, GROWING);
}

/** What was changed lies below the exhibit at times: shows what came of it. In an exhibit of several screens, the visitor stays where the task was done. @param {string} selector */
function comeBack(selector) {
  const exhibit = document.querySelector(selector);
  const { top, bottom } = exhibit?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
  if (bottom - top > 2 * innerHeight) return;
  const middle = (top + Math.min(bottom, top + innerHeight / 2)) / 2;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (middle < 0 || middle > innerHeight / 2)
    exhibit?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

customElements.define("lente-lesson-panel", LenteLessonPanel);
