const LARGEST = 1000;
const MARGIN = 10;
const QUALITY = 0.85;

/**
 * A picture of a part of the page as it is now: boxes, canvases, pictures and words, the shadow trees' too.
 *
 * @param {Element} exhibit
 * @returns {string} a data: address
 */
export function exhibitPicture(exhibit) {
  const box = exhibit.getBoundingClientRect();
  const [left, top, width, height] = [
    box.left - MARGIN,
    box.top - MARGIN,
    box.width + 2 * MARGIN,
    box.height + 2 * MARGIN,
  ];
  const scale = Math.min(1, LARGEST / Math.max(width, height, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, -left * scale, -top * scale);
  paint(context, exhibit);
  return canvas.toDataURL("image/webp", QUALITY);
}

/** @param {CanvasRenderingContext2D} context @param {Node} node */
function paint(context, node) {
  if (node instanceof Text) return paintWords(context, node);
  if (!(node instanceof HTMLElement)) return;
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") return;
  context.save();
  context.globalAlpha *= Number(style.opacity);
  const box = node.getBoundingClientRect();
  if (style.display !== "contents") paintBox(context, style, box);
  paintContent(context, node, style, box);
  if (style.overflowX !== "visible") clip(context, box);
  for (const child of childrenOf(node)) paint(context, child);
  context.restore();
  paintOutline(context, style, box);
}

/** @param {HTMLElement} node @returns {Iterable<Node>} */
function childrenOf(node) {
  if (node.shadowRoot) return node.shadowRoot.childNodes;
  if (node instanceof HTMLSlotElement) return node.assignedNodes({ flatten: true });
  return node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement ? [] : node.childNodes;
}

/** @param {CanvasRenderingContext2D} context @param {CSSStyleDeclaration} style @param {DOMRect} box */
function paintBox(context, style, { left, top, width, height }) {
  context.fillStyle = style.backgroundColor;
  context.beginPath();
  context.roundRect(left, top, width, height, parseFloat(style.borderTopLeftRadius) || 0);
  context.fill();
  const sides = /** @type {const} */ ([
    ["Top", left, top, width, 0],
    ["Bottom", left, top + height, width, 0],
    ["Left", left, top, 0, height],
    ["Right", left + width, top, 0, height],
  ]);
  for (const [side, x, y, across, down] of sides) {
    const wide = parseFloat(style[`border${side}Width`]);
    if (!wide || style[`border${side}Style`] === "none") continue;
    context.strokeStyle = style[`border${side}Color`];
    context.lineWidth = wide;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + across, y + down);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {HTMLElement} node @param {CSSStyleDeclaration} style @param {DOMRect} box */
function paintContent(context, node, style, box) {
  const { left, top, width, height } = box;
  if (node instanceof HTMLCanvasElement || (node instanceof HTMLImageElement && node.complete)) {
    context.imageSmoothingEnabled = style.imageRendering !== "pixelated";
    if (node.width && node.height) context.drawImage(node, left, top, width, height);
  } else if (node instanceof HTMLInputElement || node instanceof HTMLSelectElement)
    paintControl(context, node, style, box);
}

/** @param {CanvasRenderingContext2D} context @param {DOMRect} box */
function clip(context, { left, top, width, height }) {
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
}

/** @param {CanvasRenderingContext2D} context @param {CSSStyleDeclaration} style @param {DOMRect} box */
function paintOutline(context, { outlineStyle, outlineWidth, outlineColor }, { left, top, width, height }) {
  if (outlineStyle === "none" || !parseFloat(outlineWidth)) return;
  context.strokeStyle = outlineColor;
  context.lineWidth = parseFloat(outlineWidth);
  context.strokeRect(left, top, width, height);
}

const THUMB = 7;

/**
 * Paints what a field holds: its number or choice, the place of a slider, a tick.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 */
function paintControl(context, control, style, box) {
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

/**
 * Paints a text as the page shows it: each word where it stands, since lines may break anywhere.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Text} text
 */
function paintWords(context, text) {
  const parent = text.parentElement ?? /** @type {ShadowRoot} */ (text.getRootNode()).host;
  if (!text.data.trim() || !parent) return;
  setType(context, getComputedStyle(parent));
  const range = document.createRange();
  for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const [box] = range.getClientRects();
    if (box) context.fillText(word, box.left, box.top + context.measureText(word).fontBoundingBoxAscent);
  }
}

/** @param {CanvasRenderingContext2D} context @param {CSSStyleDeclaration} style */
function setType(context, style) {
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
  context.fillStyle = style.color;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
}
