import assert from "node:assert/strict";
import { test } from "node:test";
import { colourMap } from "../../../static/js/shared/colours.js";

/** Relative luminance (WCAG 2.2) of a pixel. @param {number} pixel */
function luminance(pixel) {
  const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

for (const theme of /** @type {const} */ (["light", "dark"])) {
  const towards = theme === "light" ? -1 : 1;

  test(`${theme}: lightness tells the value of the sequential map`, () => {
    const table = colourMap("sequential", theme);
    for (let i = 1; i < 256; i++)
      assert.ok(towards * (luminance(table[i]) - luminance(table[i - 1])) >= -1e-3, `entry ${i}`);
  });

  test(`${theme}: lightness tells the size of the diverging map, on both sides of zero`, () => {
    const table = colourMap("diverging", theme);
    for (let i = 129; i < 256; i++)
      assert.ok(towards * (luminance(table[i]) - luminance(table[i - 1])) >= -1e-3, `entry ${i}`);
    for (let i = 128; i > 0; i--)
      assert.ok(towards * (luminance(table[i - 1]) - luminance(table[i])) >= -1e-3, `entry ${i}`);
  });

  test(`${theme}: zero is the same neutral in both maps`, () => {
    assert.equal(colourMap("diverging", theme)[128], colourMap("sequential", theme)[0]);
  });
}

test("grey is the value itself", () => {
  const table = colourMap("grey", "light");
  assert.equal(table[77], ((255 << 24) | (77 << 16) | (77 << 8) | 77) >>> 0);
});
