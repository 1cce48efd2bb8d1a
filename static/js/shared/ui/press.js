/**
 * @typedef {{clientX: number, clientY: number}} Place
 */

/** Where an element was pressed. A click tells whole pixels, the pointer before it fractions: the two may name different cells. */
export class Press {
  constructor() {
    /** @type {Place} */ this.last = { clientX: NaN, clientY: NaN };
    this.note = (/** @type {PointerEvent} */ { clientX, clientY }) => {
      this.last = { clientX, clientY };
    };
  }

  /** The place of a click: that of the pointer, if there was one. @param {MouseEvent} click @returns {Place} */
  placeOf(click) {
    const { clientX, clientY } = this.last;
    return Math.abs(clientX - click.clientX) <= 1 && Math.abs(clientY - click.clientY) <= 1 ? this.last : click;
  }
}
