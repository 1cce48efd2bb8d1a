import { listOf, wholeFrom } from "../frame/accepted.js";
import { html } from "vendor/lit";
import { hatted } from "./hatted.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("../shared/ui/lente-map.js").Cell} Cell
 * @typedef {{title: string, label: string, part: string, data: ArrayLike<number>, kind: "picture" | "noise", high?: number}} Panel `high` in place of the kind's largest value
 */

export const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** What is seen of the numbers: a picture's pixels, and noise. */
const KINDS = { picture: { map: "grey", high: 1 }, noise: { map: "diverging", high: 3 } };

/**
 * 28 x 28 numbers under a title, the touched pixel outlined, what the colours mean beneath.
 *
 * @param {Panel} panel @param {Cell} cell @param {(cell: Cell) => void} onCell
 */
export function panel({ title, label, part, data, kind, high = KINDS[kind].high }, cell, onCell) {
  const { map } = KINDS[kind];
  const range = { low: -high, high };
  return html`<figure class="noise-panel" data-part=${part}>
    <h3>${hatted(title)}</h3>
    <lente-map
      map=${map}
      .range=${range}
      .tensor=${{ shape: [SIDE, SIDE], data: Float32Array.from(data) }}
      .touched=${[boxOf(cell)]}
      label=${label}
      @cell=${(/** @type {CustomEvent<Cell | null>} */ { detail }) => detail && onCell(detail)}
      @pin=${(/** @type {CustomEvent<Cell>} */ { detail }) => onCell(detail)}
    ></lente-map>
    <lente-legend low=${range.low} high=${range.high} map=${map}></lente-legend>
  </figure>`;
}

/** @param {Cell} cell */
export const placeOf = ({ row, column }) => SIDE * row + column;

/** @param {Cell} cell */
const boxOf = ({ row, column }) => ({ top: row, left: column, bottom: row + 1, right: column + 1 });

/**
 * How a touched pixel stands in the address.
 *
 * @param {"index" | "traced" | "toldpixel"} name
 * @returns {import("../frame/addressed.js").Field}
 */
export const cellField = (name) => ({
  name,
  first: [14, 14],
  accepts: listOf(wholeFrom(0, SIDE - 1), 2),
  read: ([row, column]) => ({ row, column }),
  write: ({ row, column }) => [row, column],
});

/** The mean of the squared differences. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function squaredError(a, b) {
  let sum = 0;
  for (let i = 0; i < PIXELS; i++) sum += (a[i] - b[i]) ** 2;
  return sum / PIXELS;
}

/**
 * A digit, or any.
 *
 * @param {number} chosen 10 for any @param {(label: number) => void} choose @param {string} words what it is for
 * @param {string} [any] what the button for any digit says; there is none if left out
 */
export const labelButtons = (chosen, choose, words, any = "") =>
  html`<span class="segments noise-labels" role="group" aria-label=${words}
    >${[...Array(any ? 11 : 10).keys()].map(
      (label) =>
        html`<button type="button" data-label=${label} aria-pressed=${label === chosen} @click=${() => choose(label)}>
          ${label === 10 ? any : label}
        </button>`,
    )}</span
  >`;
