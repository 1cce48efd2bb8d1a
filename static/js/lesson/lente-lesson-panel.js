import { html, nothing } from "vendor/lit";
import { onWindow, tellWindow } from "../frame/events.js";
import { LenteElement, notice } from "../frame/element.js";
import { readUrl } from "../frame/address.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { newest } from "../shared/newest.js";
import { lessonAddress, readPart, stepAddress } from "./address.js";
import { refusal } from "./lente-lesson-assign.js";
import { keepPicture, keepProgress, keepStep, readProgress } from "./progress.js";
import { Ring, boxOf, bringIntoSight, elementOf, freeRoom } from "./sight.js";
import { lessonSteps } from "./steps.js";
import { LESSON_WORDS, taskParts } from "./words.js";
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
    /** @type {import("./steps.js").LessonStep[]} what was assigned */ this.assigned = lessonSteps;
    /** What the address asks for in vain. */ this.refused = "";
    /** @type {import("./progress.js").StepProgress} */ this.kept = {};
    this.notes = notes;
    this.folded = folded;
    /** @type {ReturnType<typeof setTimeout>[]} */ this.timers = [];
    this.endListening = () => {};
    this.ring = new Ring();
    this.heights = new ResizeObserver(() => this.onHeight());
    this.onResize = () => this.settle();
    this.endSettling = () => {};
    this.takePicture = newest(
      pictureOf,
      (picture, { name }) => keepPicture(name, picture),
      () => {}, // without a picture the lesson goes on
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.heights.observe(this);
    addEventListener("resize", this.onResize);
    const { lesson, steps } = readUrl();
    Object.assign(this, readPart(steps));
    this.step = lessonSteps.find(({ name }) => name === lesson) ?? null;
    if (this.step) return this.begin(this.step);
    delete document.documentElement.dataset.lesson;
    tellWindow("addressed", { name: "lesson", text: lesson ?? "", taken: false });
  }

  /** @param {import("./steps.js").LessonStep} step */
  begin({ name }) {
    this.kept = readProgress().steps[name] ?? {};
    keepProgress({ last: name });
    this.endListening = onWindow("urlwritten", () => this.look());
    this.settle();
  }

  /** The page has as much room beneath its end as the panel takes; what is needed now stays in sight. */
  onHeight() {
    document.documentElement.style.setProperty("--panel", `${this.offsetHeight}px`);
    this.settle();
  }

  /** Brings what is needed now into sight, and again while the page still grows, until the visitor does something there. */
  settle(bring = (/** @type {import("./steps.js").LessonStep} */ step) => this.bring(step)) {
    this.endSettling();
    const { step } = this;
    if (!step) return;
    const own = new AbortController();
    const turns = setInterval(() => bring(step), GROWING / 20);
    const end = () => [own.abort(), clearInterval(turns), clearTimeout(most)];
    const most = setTimeout(end, GROWING);
    const onGesture = (/** @type {Event} */ event) => event.composedPath().includes(this) || end();
    for (const gesture of ["wheel", "pointerdown", "keydown", "touchstart"])
      addEventListener(gesture, onGesture, { signal: own.signal, passive: true });
    this.endSettling = end;
    bring(step);
  }

  /** A question is answered by what it is about, a task done with its control; then one sees what came of it. @param {import("./steps.js").LessonStep} step */
  bring({ exhibit, controls, asked, outcome }) {
    const needed = this.told
      ? [outcome, ...controls]
      : this.kept.predicted === undefined && asked.length
        ? [...asked, ...controls]
        : [...controls.slice(0, 1), ...asked, outcome];
    bringIntoSight(needed, freeRoom(this), exhibit);
  }

  /** Shows the control that the task names, as soon as the page has it. @param {import("./sight.js").Target} control */
  show(control) {
    this.settle((step) => {
      const target = elementOf(control) ? control : step.controls[0];
      const isThere = boxOf(target) !== null;
      bringIntoSight([target], freeRoom(this), isThere ? undefined : step.exhibit);
      if (!isThere) return;
      this.endSettling();
      this.ring.light(target);
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.heights.disconnect();
    removeEventListener("resize", this.onResize);
    this.endListening();
    this.endSettling();
    this.ring.end();
    this.timers.forEach(clearTimeout);
  }

  /** Has the page come to where the task wanted it? */
  look() {
    const { step } = this;
    if (!step) return;
    if (!this.kept.done && step.done(readUrl())) {
      this.keep({ done: true });
      this.ring.end();
      this.settle();
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
      ${this.head(step, words)} ${notice(this.refused && refusal(this.refused))}
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
          <p>${this.task(step, words)}</p>
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
    const { assigned: part } = this;
    const at = part.indexOf(step);
    const [before, after] = [part[at - 1], part[at + 1]];
    const home = lessonAddress(this.paths, part);
    return html`<header class="lesson-head">
      <a class="lesson-home" href=${home}>${t("Lesson")}</a
      ><span class="lesson-count figures">${at < 0 ? "–" : at + 1}/${part.length}</span>
      <h2>${t(words.title)}</h2>
      <nav class="lesson-ways" aria-label=${t("Steps of the lesson")}>
        <button type="button" class="quiet" aria-pressed=${this.notes} @click=${this.toggleNotes}>${t("Notes")}</button>
        ${before ? html`<a class="button" rel="prev" href=${stepAddress(this.paths, before, part)} aria-label=${t("Back: {title}", { title: t(LESSON_WORDS[before.name].title) })}>←</a>` : nothing}
        ${
          after
            ? html`<a
                class="button lesson-next"
                rel="next"
                data-ready=${this.told}
                href=${stepAddress(this.paths, after, part)}
                aria-label=${t("Next: {title}", { title: t(LESSON_WORDS[after.name].title) })}
                >${t("Next")} →</a
              >`
            : html`<a class="button lesson-next" data-ready=${this.told} href=${home}>${t("Finish")} →</a>`
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

  /** Its words, those that name a control as a way to it. @param {import("./steps.js").LessonStep} step @param {import("./words.js").LessonWords} words */
  task({ controls }, words) {
    const parts = taskParts(t(words.task));
    const markAfter = (/** @type {number} */ i) => parts[i + 1].match(/^[.,;:»]+/)?.[0] ?? "";
    return parts.map((part, i) =>
      i % 2
        ? html`<button type="button" class="link" data-control @click=${() => this.show(controls[i >> 1])}>
            <span>${part}</span>${markAfter(i)}
          </button>`
        : part.slice(i ? markAfter(i - 1).length : 0),
    );
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
    this.settle();
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

customElements.define("lente-lesson-panel", LenteLessonPanel);
