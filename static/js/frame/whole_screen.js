import { html, render } from "vendor/lit";
import { t } from "./i18n.js";

const EXHIBITS = ".exhibit, .reader";

/** Any exhibit of the page on the whole screen: by its button, or the one that is looked at by the key F, which leaves it too. */
export function offerWholeScreen() {
  if (!document.fullscreenEnabled) return;
  new ResizeObserver(placeButtons).observe(document.body);
  addEventListener("keydown", (event) => {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (key.toLowerCase() !== "f" || altKey || ctrlKey || metaKey || isField(event.composedPath()[0])) return;
    event.preventDefault();
    const exhibit = lookedAt();
    if (exhibit) toggle(exhibit);
  });
}

/** @param {Element} exhibit */
function toggle(exhibit) {
  if (document.fullscreenElement) document.exitFullscreen();
  else exhibit.requestFullscreen();
}

/** Whether letters are typed there. @param {EventTarget | undefined} target */
const isField = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=range], [type=file])"));

/** The exhibit that has the focus, else the innermost in the middle of the screen, else the one of which most is seen. */
function lookedAt() {
  const focused = document.activeElement?.closest(EXHIBITS);
  if (focused) return focused;
  const all = [...document.querySelectorAll(EXHIBITS)].map((exhibit) => ({ exhibit, ...edgesOf(exhibit) }));
  const middle = innerHeight / 2;
  const seen = (/** @type {{top: number, bottom: number}} */ { top, bottom }) =>
    Math.min(bottom, innerHeight) - Math.max(top, 0);
  const most = all.toSorted((a, b) => seen(b) - seen(a))[0];
  return (all.findLast(({ top, bottom }) => top <= middle && bottom >= middle) ?? most)?.exhibit;
}

/** @param {Element} element */
function edgesOf(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return { top, bottom };
}

/** One for each exhibit: beside the page's title for the first, beside its own heading for any other; ideas may come late. */
function placeButtons() {
  const title = document.querySelector("main > .page-title");
  const first = document.querySelector(EXHIBITS);
  if (title && first) placeButton(title, first);
  for (const idea of document.querySelectorAll(".idea:has(> h2), .reader > .weights")) {
    const exhibit = idea.querySelector(EXHIBITS);
    if (exhibit && exhibit !== first) placeButton(idea, exhibit);
  }
}

/** @param {Element} place @param {Element} exhibit */
function placeButton(place, exhibit) {
  if (place.querySelector(":scope > .whole-screen")) return;
  const holder = document.createElement("span");
  holder.className = "whole-screen";
  const label = t("This exhibit on the whole screen (F)");
  render(
    html`<button type="button" class="quiet" title=${label} aria-label=${label} @click=${() => toggle(exhibit)}>
      <svg
        viewBox="0 0 24 24"
        width="20"
        height="20"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
      >
        <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
      </svg>
    </button>`,
    holder,
  );
  place.append(holder);
}
