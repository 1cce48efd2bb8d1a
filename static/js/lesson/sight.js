/**
 * What a step points at: a selector, or a unit of a layer that is painted on a canvas.
 *
 * @typedef {string | {of: string, unit: [layer: string, index?: number]}} Target
 *
 * @typedef {{top: number, bottom: number, left: number, right: number}} Box in the window, CSS pixels
 */

const MARGIN = 8;

/**
 * @param {Target} target
 * @returns {HTMLElement | null}
 */
export function elementOf(target) {
  return document.querySelector(typeof target === "string" ? target : target.of);
}

/**
 * Where something is in the window; null where it is not, or not shown.
 *
 * @param {Target} target
 * @returns {Box | null}
 */
export function boxOf(target) {
  const element = /** @type {any} */ (elementOf(target));
  const box = typeof target === "string" ? element?.getBoundingClientRect() : element?.boxOf?.(...target.unit);
  return box?.width ? box : null;
}

/**
 * The part of the window that the lesson's panel leaves free.
 *
 * @param {Element} panel
 * @returns {Box}
 */
export function freeRoom(panel) {
  const { top, left, width } = panel.getBoundingClientRect();
  const beneath = width > innerWidth / 2;
  return { top: 0, bottom: beneath ? top : innerHeight, left: 0, right: beneath ? innerWidth : left };
}

/**
 * Scrolls until all of the targets are in the free part of the window, or else the first ones alone. Where there is
 * room, `head` is at the top of it.
 *
 * @param {Target[]} targets the most important one first
 * @param {Box} room
 * @param {Target} [head]
 */
export function bringIntoSight(targets, room, head) {
  for (const target of targets) scrollWithin(elementOf(target));
  const boxes = targets.map(boxOf).filter((box) => box !== null);
  if (head && !boxes.length) boxes.push(...[boxOf(head)].filter((box) => box !== null)); // rendered once it is near
  if (!boxes.length) return;
  const whole = boxes
    .map((_, i) => around(boxes.slice(0, boxes.length - i)))
    .find(({ top, bottom }) => bottom - top <= room.bottom - room.top - 2 * MARGIN);
  const { top, bottom } = whole ?? boxes[0];
  const start = head ? (boxOf(head)?.top ?? 0) : 0;
  const least = bottom - room.bottom + MARGIN;
  const most = top - room.top - MARGIN;
  scrollBy({ top: Math.min(Math.max(start - MARGIN, least), most), behavior: "instant" });
  uncover(targets[0], room);
}

/** What stays at the top of the window may lie over the target now. @param {Target} target @param {Box} room */
function uncover(target, room) {
  const box = boxOf(target);
  if (!box) return;
  const cover = document
    .elementsFromPoint((box.left + box.right) / 2, Math.max(box.top, 0) + 1)
    .map(stuck)
    .find((one) => one && !one.contains(elementOf(target)));
  const beneath = cover ? cover.getBoundingClientRect().bottom + MARGIN : 0;
  const move = Math.min(beneath - box.top, room.bottom - MARGIN - box.bottom);
  if (cover && move > 0) scrollBy({ top: -move, behavior: "instant" });
}

/** @param {Element | null} element @returns {Element | null} it or what is around it, if that stays while the page scrolls */
function stuck(element) {
  for (let one = element; one; one = one.parentElement) if (getComputedStyle(one).position === "sticky") return one;
  return null;
}

/** Lists that scroll by themselves show the element; the page stays. @param {HTMLElement | null} element */
function scrollWithin(element) {
  for (let list = element?.parentElement; element && list && list !== document.body; list = list.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(list);
    if (overflowX !== "auto" && overflowY !== "auto") continue;
    const [inner, outer] = [element.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - MARGIN;
    if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - MARGIN;
  }
}

/** @param {Box[]} boxes @returns {Box} */
function around(boxes) {
  return {
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
  };
}

/** A ring around something on the page, until the visitor does something there. */
export class Ring {
  constructor() {
    this.element = document.createElement("div");
    this.element.className = "lesson-ring";
    /** @type {AbortController | null} */ this.lit = null;
  }

  /** @param {Target} target */
  light(target) {
    this.end();
    this.lit = new AbortController();
    const { signal } = this.lit;
    const place = () => this.place(boxOf(target));
    place();
    document.body.append(this.element);
    addEventListener("scroll", place, { signal, capture: true, passive: true });
    addEventListener("resize", place, { signal });
    for (const gesture of ["pointerup", "keydown"]) addEventListener(gesture, () => this.end(), { signal });
  }

  /** @param {Box | null} box */
  place(box) {
    const { style } = this.element;
    this.element.hidden = box === null;
    if (!box) return;
    style.left = `${box.left}px`;
    style.top = `${box.top}px`;
    style.width = `${box.right - box.left}px`;
    style.height = `${box.bottom - box.top}px`;
  }

  end() {
    this.lit?.abort();
    this.lit = null;
    this.element.remove();
  }
}
