import { paintControl } from "../services/paint_control.js";
import { paintWords } from "../services/paint_words.js";

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
