import { bringBelow } from "../frame/calm.js";
import { fetchLate } from "../frame/fetch_late.js";

/** Milliseconds after which the others come, whatever the first one waits for. */
const PATIENCE = 1000;

/** @type {Promise<unknown> | undefined} */
let first;
// Each miniature is loaded when its stop comes into sight, so that the first page is light; the first one has the page to
// itself until it is painted, and answers a hand while the others come.
const sight = new IntersectionObserver(
  (entries) => {
    const seen = entries.filter(({ isIntersecting }) => isIntersecting);
    const places = seen.map(({ target }) => /** @type {HTMLElement} */ (target));
    for (const place of places) sight.unobserve(place);
    if (places.length) first ??= begin(/** @type {HTMLElement} */ (places.shift()));
    bringBelow(
      places.map((place) => () => show(place)),
      first,
    );
  },
  { rootMargin: "200px" },
);
for (const place of document.querySelectorAll(".miniature")) sight.observe(place);

/** @param {HTMLElement} place */
async function begin(place) {
  const miniature = await fetchLate(() => show(place));
  await Promise.race([miniature?.loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** @param {HTMLElement} place */
async function show(place) {
  const noun = place.dataset.stop;
  await import(`../${noun}/mini-${noun}.js`);
  const miniature = /** @type {import("../shared/ui/miniature.js").Miniature} */ (
    document.createElement(`mini-${noun}`)
  );
  place.append(miniature);
  return miniature;
}
