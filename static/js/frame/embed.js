// An exhibit alone in a frame: whoever frames it is told how high it is, and its link leads to the page in this state.
const EMBED_ONLY = ["hide", "theme"];

let last = 0;
new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height === last || parent === window) return;
  last = height;
  parent.postMessage({ type: "lente:height", exhibit: document.documentElement.dataset.embed, height }, "*");
}).observe(document.body);

const whole = /** @type {HTMLAnchorElement} */ (document.querySelector("#whole"));
for (const gesture of ["click", "auxclick", "contextmenu", "focus"]) {
  whole.addEventListener(gesture, () => {
    const query = new URLSearchParams(location.search);
    EMBED_ONLY.forEach((name) => query.delete(name));
    whole.search = query.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
  });
}
