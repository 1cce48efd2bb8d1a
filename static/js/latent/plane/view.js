/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, unit: number}} Centre what lies in the middle, and pixels for one unit
 */

/**
 * How a plane, y upwards, is shown on a canvas, y downwards.
 */
export class PlaneView {
  /**
   * @param {Centre} centre
   * @param {number} width pixels
   * @param {number} height
   */
  constructor(centre, width, height) {
    this.centre = centre;
    this.width = width;
    this.height = height;
  }

  /**
   * The view that shows a square around a point whole.
   *
   * @param {Point & {reach: number}} square reach is half its side
   * @param {number} width
   * @param {number} height
   */
  static around({ x, y, reach }, width, height) {
    return new PlaneView({ x, y, unit: Math.min(width, height) / (2 * reach) }, width, height);
  }

  /** @param {number} x */
  column(x) {
    return this.width / 2 + (x - this.centre.x) * this.centre.unit;
  }

  /** @param {number} y */
  row(y) {
    return this.height / 2 - (y - this.centre.y) * this.centre.unit;
  }

  /** @param {number} column @param {number} row @returns {Point} */
  point(column, row) {
    const { x, y, unit } = this.centre;
    return { x: x + (column - this.width / 2) / unit, y: y - (row - this.height / 2) / unit };
  }

  /** The edges of what is shown. */
  get edges() {
    const [topLeft, bottomRight] = [this.point(0, 0), this.point(this.width, this.height)];
    return { left: topLeft.x, right: bottomRight.x, bottom: bottomRight.y, top: topLeft.y };
  }

  /**
   * Larger by `factor`, the point under (column, row) staying where it is.
   *
   * @param {number} factor
   * @param {number} column
   * @param {number} row
   */
  zoomed(factor, column = this.width / 2, row = this.height / 2) {
    const { x, y } = this.point(column, row);
    const unit = this.centre.unit * factor;
    return new PlaneView(
      { x: x - (column - this.width / 2) / unit, y: y + (row - this.height / 2) / unit, unit },
      this.width,
      this.height,
    );
  }

  /** Moved along by pixels. @param {number} columns @param {number} rows */
  moved(columns, rows) {
    const { x, y, unit } = this.centre;
    return new PlaneView({ x: x - columns / unit, y: y + rows / unit, unit }, this.width, this.height);
  }
}
