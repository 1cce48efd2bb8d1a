import { html } from "vendor/lit";
import { t } from "../frame/i18n.js";

/** The label that stands for any digit. */
export const ANY = 10;
const CLASSES = Array.from({ length: 10 }, (_, digit) => digit);

/** Whether an address names a class, or any. @param {number} label */
export const isLabel = (label) => Number.isInteger(label) && label >= 0 && label <= ANY;
/** Whether an address names a seed. @param {number} seed */
export const isSeed = (seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32;
/** A seed that nobody chose. */
export const otherSeed = () => Math.floor(Math.random() * 1e6);

/**
 * Buttons for what is asked for: a digit, or any.
 *
 * @param {number} asked
 * @param {(label: number) => void} choose
 * @param {{any?: boolean}} [may] whether any digit may be asked for
 */
export function classButtons(asked, choose, { any = true } = {}) {
  const button = (/** @type {number} */ label, /** @type {string} */ words) =>
    html`<button type="button" aria-pressed=${label === asked} @click=${() => choose(label)}>${words}</button>`;
  return html`<span class="segments asked-class" role="group" aria-label=${t("The digit that is asked for")}
    >${any ? button(ANY, t("any")) : ""}${CLASSES.map((digit) => button(digit, String(digit)))}</span
  >`;
}
