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

  /** The largest square in its middle that is shown whole: `around` it, a view of any size shows it. */
  get square() {
    const { x, y, unit } = this.centre;
    return { x, y, reach: Math.min(this.width, this.height) / (2 * unit) };
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

/**
 * Round numbers (1, 2 or 5 times a power of ten apart) between two ends, about `count` of them.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} [count]
 * @returns {number[]}
 */
export function axisTicks(low, high, count = 6) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((times) => times * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** @typedef {[number, number]} Pair */

/**
 * The share of points that lie nearest to the middle of all (the median of each number): stray ones are left out.
 *
 * @param {Pair[]} points
 * @param {number} share 0..1
 * @returns {Pair[]}
 */
export function innerPoints(points, share) {
  const middle = [0, 1].map((i) => median(points.map((point) => point[i])));
  const far = (/** @type {Pair} */ [x, y]) => Math.hypot(x - middle[0], y - middle[1]);
  return points.toSorted((a, b) => far(a) - far(b)).slice(0, Math.ceil(points.length * share));
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
