import { bringRest } from "./calm.js";
import { onWindow } from "./events.js";
import { t } from "./i18n.js";
import { turnForPaper } from "./theme.js";
import { whenNear } from "./when_near.js";

const PARTS = ".idea, main > .exhibit, main > .reader";
/** Milliseconds from look to look, without anything new before it prints, and at most. */
const LOOK = 60;
const CALM = 500;
const PATIENCE = 20_000;

/**
 * Brings a whole page to paper: what has not been near the screen comes before Ctrl+P prints. Who prints by the browser's
 * menu, which waits for nothing, is told on paper which parts had not come.
 */
export function offerPrinting() {
  addEventListener("beforeprint", turnForPaper);
  if (document.querySelector("lente-lesson")) return; // its paper is a handout
  /** @type {Set<Element>} */
  const met = new Set();
  /** @type {Set<Element>} */
  const far = new Set();
  const meet = () => {
    for (const part of document.querySelectorAll(PARTS)) {
      if (met.has(part)) continue;
      met.add(part);
      far.add(part);
      whenNear(part).then(() => far.delete(part));
    }
  };
  new ResizeObserver(meet).observe(document.body); // ideas may come late
  const underway = new Underway();
  let preparing = false;
  addEventListener("keydown", async (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (key.toLowerCase() !== "p" || !(ctrlKey || metaKey) || altKey || shiftKey) return;
    event.preventDefault();
    if (preparing) return;
    preparing = true;
    await bringRest();
    await walk(far);
    await underway.calm();
    preparing = false;
    turnForPaper();
    await frames(2);
    print();
  });
  addEventListener("beforeprint", () => far.forEach(sayNotCome));
  addEventListener("afterprint", () => document.querySelectorAll(".not-come").forEach(takeBack));
}

/**
 * Passes once over the whole page, so that all of it comes as it would for somebody who reads it.
 *
 * @param {Set<Element>} far what has not come near yet
 */
async function walk(far) {
  const { scrollX, scrollY } = window;
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
    scrollTo({ top: y, behavior: "instant" });
    await frames(2);
  }
  for (const part of far) {
    part.scrollIntoView({ block: "center", behavior: "instant" });
    for (let i = 0; i < 60 && far.has(part) && part.getClientRects().length; i++) await frames(1);
  }
  scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
}

/** @param {number} count of frames that the browser has drawn */
async function frames(count) {
  for (let i = 0; i < count; i++) await new Promise((next) => requestAnimationFrame(next));
}

/** What the server has been asked and has not answered yet. */
class Underway {
  constructor() {
    this.count = 0;
    this.since = 0;
    onWindow("underway", (more) => {
      this.count += more;
      this.since = performance.now();
    });
  }

  /** Resolves once nothing is under way and nothing new was asked for a while. */
  async calm() {
    const begun = performance.now();
    this.since = Math.max(this.since, begun);
    while (performance.now() < begun + PATIENCE && (this.count > 0 || performance.now() < this.since + CALM))
      await new Promise((next) => setTimeout(next, LOOK));
  }
}

/** @param {Element} part */
function sayNotCome(part) {
  if (!part.checkVisibility()) return;
  const words = document.createElement("p");
  words.className = "not-come-words";
  words.textContent = t("This part had not come when the page was printed: scroll to it first, or print with Ctrl+P.");
  part.append(words);
  part.classList.add("not-come");
}

/** @param {Element} part */
function takeBack(part) {
  part.classList.remove("not-come");
  part.querySelector(":scope > .not-come-words")?.remove();
}
