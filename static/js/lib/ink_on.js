/**
 * Black or white, whichever stands out more on a colour (relative luminance as in WCAG 2).
 *
 * @param {number} pixel as a canvas stores it (little-endian RGBA)
 * @returns {"#000" | "#fff"}
 */
export function inkOn(pixel) {
  const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
