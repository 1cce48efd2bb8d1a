import { fetchLate } from "../frame/fetch_late.js";

// Each miniature is loaded when its stop comes into sight, so that the first page is light.
const sight = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) show(/** @type {HTMLElement} */ (target));
  },
  { rootMargin: "200px" },
);
for (const place of document.querySelectorAll(".miniature")) sight.observe(place);

/** @param {HTMLElement} place */
async function show(place) {
  sight.unobserve(place);
  const noun = place.dataset.stop;
  if (!(await fetchLate(() => import(`../${noun}/mini-${noun}.js`)))) return;
  place.append(document.createElement(`mini-${noun}`));
}
