/** Width of a figure in font sizes of the page: in the smallest font of a cell. */
const FIGURE = 0.633 * 0.75;

/** How many columns of numbers have room in an element, so that none is ever clipped; has its host rendered when that changes. */
export class Room {
  /** @param {import("vendor/lit").LitElement} host @param {() => Element | null} [place] whose width counts, the host's own if left out */
  constructor(host, place = () => host) {
    this.host = host;
    this.place = place;
    /** Pixels side by side, and of a figure in the smallest font. */ this.width = Infinity;
    this.figure = 1;
    /** @type {Element | null} */ this.watched = null;
    this.watching = new ResizeObserver(([{ contentRect }]) => this.measure(contentRect.width));
    host.addController(this);
  }

  hostUpdated() {
    const element = this.place();
    if (element === this.watched) return;
    this.watching.disconnect();
    this.watched = element;
    if (!element) return;
    this.watching.observe(element);
    this.measure(element.clientWidth); // at once: what is seen first fits too
  }

  hostDisconnected() {
    this.watching.disconnect();
    this.watched = null;
  }

  /** @param {number} exactly in pixels; an element tells of whole ones, its observer of parts of one */
  measure(exactly) {
    const width = Math.round(exactly);
    const exact = FIGURE * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const figure = Math.max(exact, Math.round(exact)); // some screens set figures on whole pixels
    if (!width || (width === this.width && figure === this.figure)) return;
    Object.assign(this, { width, figure });
    this.host.requestUpdate();
  }

  /** Pixels of a cell in which each of such numbers has room, with a line beside it. @param {string[]} numbers */
  cellOf(numbers) {
    return Math.ceil(Math.max(2, ...numbers.map(({ length }) => length)) * this.figure) + 1;
  }

  /** How many columns of such numbers have room. @param {string[]} numbers */
  fitting(numbers) {
    return Math.max(Math.floor((this.width - 1) / this.cellOf(numbers)), 1);
  }
}
