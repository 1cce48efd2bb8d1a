import { setType } from "./paint_words.js";

const THUMB = 7;

/**
 * Paints what a field holds: its number or choice, the place of a slider, a tick.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 */
export function paintControl(context, control, style, box) {
  setType(context, style);
  if (control.type === "range") paintSlider(context, /** @type {HTMLInputElement} */ (control), box);
  else if (control.type === "checkbox" || control.type === "radio")
    paintTick(context, /** @type {HTMLInputElement} */ (control), box);
  else paintValue(context, control, style, box);
}

/** @param {CanvasRenderingContext2D} context @param {HTMLInputElement} slider @param {DOMRect} box */
function paintSlider(context, { min, max, value }, { left, top, width, height }) {
  const share = (Number(value) - Number(min || 0)) / (Number(max || 100) - Number(min || 0) || 1);
  const middle = top + height / 2;
  context.fillRect(left, middle - 1.5, width, 3);
  context.beginPath();
  context.arc(left + THUMB + share * (width - 2 * THUMB), middle, THUMB, 0, 2 * Math.PI);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {HTMLInputElement} box @param {DOMRect} place */
function paintTick(context, { checked }, { left, top, width, height }) {
  context.strokeStyle = context.fillStyle;
  context.lineWidth = 1;
  context.strokeRect(left + 1, top + 1, width - 2, height - 2);
  if (checked) context.fillRect(left + 4, top + 4, width - 8, height - 8);
}

/** @param {CanvasRenderingContext2D} context @param {HTMLInputElement | HTMLSelectElement} control @param {CSSStyleDeclaration} style @param {DOMRect} box */
function paintValue(context, control, { textAlign, paddingLeft, paddingRight }, { left, top, right, width, height }) {
  const text = control instanceof HTMLSelectElement ? (control.selectedOptions[0]?.text.trim() ?? "") : control.value;
  context.textBaseline = "middle";
  context.textAlign = textAlign === "center" || textAlign === "right" ? textAlign : "left";
  const x = { center: left + width / 2, right: right - parseFloat(paddingRight), left: left + parseFloat(paddingLeft) }[
    /** @type {"left"} */ (context.textAlign)
  ];
  context.fillText(text, x, top + height / 2, width - parseFloat(paddingLeft) - parseFloat(paddingRight));
}
