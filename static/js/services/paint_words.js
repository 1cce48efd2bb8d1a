/**
 * Paints a text as the page shows it: each word where it stands, since lines may break anywhere.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Text} text
 */
export function paintWords(context, text) {
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
export function setType(context, style) {
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
  context.fillStyle = style.color;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
}
