import { fetchLate } from "./fetch_late.js";

/** What the page waits for now, and who waits until it waits for nothing. */
const asked = new Set();
/** @type {(() => void)[]} */
let patient = [];
/** What is being brought below the first screen. @type {Set<Promise<unknown>>} */
const below = new Set();
/** @type {() => void} */
let hurry = () => {};
/** Once all has to come at once. */
const hurried = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (hurry = resolve));

/**
 * Counts an answer that the page waits for.
 *
 * @template T
 * @param {Promise<T>} answer
 * @returns {Promise<T>} the same
 */
export function awaited(answer) {
  asked.add(answer);
  const done = () => {
    asked.delete(answer);
    look();
  };
  answer.then(done, done);
  return answer;
}

/**
 * Resolves once all of the page is there and it waits for no answer: what nobody sees yet may come then.
 *
 * @returns {Promise<void>}
 */
export function calm() {
  return new Promise((resolve) => {
    patient.push(resolve);
    if (document.readyState === "complete") look();
    else addEventListener("load", look, { once: true });
  });
}

/** Resolves once what is in the page now is on the screen and no hand waits for its answer. @returns {Promise<void>} */
export const painted = () =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => idle(resolve))));

/**
 * Brings what lies below the first screen once that is painted, one part after the other, each when no hand waits for its
 * answer; all at once where the page is opened further down, so that whoever comes back finds the place.
 *
 * @param {(() => Promise<unknown>)[]} parts
 * @param {Promise<unknown>} [first] what the first screen waits for, all answers if left out
 */
export async function bringBelow(parts, first = calm()) {
  const coming = opensFurtherDown() ? Promise.all(parts.map(fetchLate)) : inTurn(parts, first);
  below.add(coming);
  tellOfBelow();
  await coming;
  below.delete(coming);
  tellOfBelow();
}

/** Brings all of the page at once, and resolves when it is there: paper has no further down. */
export async function bringRest() {
  hurry();
  await Promise.all(below);
}

/** @param {(() => Promise<unknown>)[]} parts @param {Promise<unknown>} first */
async function inTurn(parts, first) {
  await Promise.race([first, hurried]);
  await Promise.race([painted(), hurried]);
  for (const part of parts) {
    await fetchLate(part);
    await Promise.race([new Promise((/** @type {(value?: undefined) => void} */ resolve) => idle(resolve)), hurried]);
  }
}

/** Whether something is still to come stands where whoever looks for all of the page finds it. */
function tellOfBelow() {
  document.querySelector("main")?.toggleAttribute("data-below", below.size > 0);
}

/** Whether the page is opened at a part that the address names, or where it was left. */
export function opensFurtherDown() {
  const [opened] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return Boolean(location.hash) || opened?.type !== "navigate";
}

/** Soon, also on a page that is never idle. @param {() => void} come */
function idle(come) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(() => come(), { timeout: 1000 });
  else setTimeout(come); // Safari has no such callback
}

function look() {
  idle(() => {
    if (asked.size || document.readyState !== "complete") return;
    for (const resolve of patient) resolve();
    patient = [];
  });
}
