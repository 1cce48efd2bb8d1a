/**
 * Marks in a long page's index the link of the idea that is being read, and keeps it in sight. The ideas may come later than
 * the index.
 *
 * @param {HTMLElement} index
 */
export function followReading(index) {
  const links = [...index.querySelectorAll("a")];
  let waits = false;
  const mark = () => {
    waits = false;
    const there = links.filter(({ hash }) => document.getElementById(hash.slice(1))?.getClientRects().length);
    const atEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const read = atEnd ? there.at(-1) : (there.findLast(begins) ?? there[0]);
    const marked = index.querySelector("[aria-current]");
    if (!read || read === marked) return;
    marked?.removeAttribute("aria-current");
    read.setAttribute("aria-current", "true");
    index.scrollTo({ left: read.offsetLeft - index.clientWidth / 3, top: read.offsetTop - index.clientHeight / 2 });
  };
  const soon = () => {
    if (!waits) requestAnimationFrame(mark);
    waits = true;
  };
  addEventListener("scroll", soon, { passive: true });
  const keepTo = stayingWhereOneWasLed(index);
  new ResizeObserver(() => {
    keepTo();
    soon();
  }).observe(document.body);
}

/**
 * What comes late and lies above pushes the idea away to which a link has led: until a hand moves the page, it is held.
 *
 * @param {HTMLElement} index
 * @returns {() => void} to be called whenever the page has grown
 */
function stayingWhereOneWasLed(index) {
  let led = "";
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"])
    addEventListener(kind, () => (led = ""), { passive: true, capture: true });
  index.addEventListener("click", ({ target }) => {
    led = /** @type {Element} */ (target).closest("a")?.hash.slice(1) ?? "";
  });
  return () => {
    if (led) document.getElementById(led)?.scrollIntoView();
  };
}

/** Whether the idea that a link names begins above the middle of the screen. @param {HTMLAnchorElement} link */
function begins({ hash }) {
  const idea = /** @type {HTMLElement} */ (document.getElementById(hash.slice(1)));
  return idea.getBoundingClientRect().top < innerHeight / 2;
}
