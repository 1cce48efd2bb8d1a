import assert from "node:assert/strict";
import { test } from "node:test";
import { colourMap, colourise, valueRange, inkOn, hexColour, lightOf } from "../../../static/js/shared/colours.js";

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

const entries = Uint32Array.from({ length: 256 }, (_, i) => i);

test("the ends of the range are the ends of the map, and what lies outside is clipped", () => {
  assert.deepEqual([...colourise([-1, 0, 0.5, 1, 9], entries, 0, 1)], [0, 0, 128, 255, 255]);
});

test("zero of a symmetric range is the neutral colour", () => {
  assert.deepEqual([...colourise([-2, 0, 2], entries, -2, 2)], [0, 128, 255]);
});

test("a constant map does not divide by zero", () => {
  assert.deepEqual([...colourise([3, 3], entries, 3, 3)], [0, 0]);
});

test("negative values make it symmetric about zero", () => {
  assert.deepEqual(valueRange([-1, 3]), { low: -3, high: 3, signed: true, clipped: false, constant: false });
});

test("values from zero up begin at zero", () => {
  assert.deepEqual(valueRange([1, 3]), { low: 0, high: 3, signed: false, clipped: false, constant: false });
});

test("an outlier is clipped and that is said", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1000 : 1));
  const range = valueRange(values, 0.99);
  assert.equal(range.high, 1);
  assert.equal(range.clipped, true);
});

test("a constant map is constant, and nothing is zero to zero", () => {
  assert.equal(valueRange([2, 2]).constant, true);
  assert.deepEqual(valueRange([]), { low: 0, high: 0, signed: false, clipped: false, constant: true });
});

test("dark colours take white ink, light ones black", () => {
  assert.equal(inkOn(0xff000000), "#fff");
  assert.equal(inkOn(0xffffffff), "#000");
  assert.equal(inkOn(0xffff0000), "#fff", "pure blue is dark");
  assert.equal(inkOn(0xff00ff00), "#000", "pure green is light");
});

test("as the web writes it", () => {
  assert.equal(hexColour(1, 0.2, 0), "#FF3300");
  assert.equal(hexColour(0, 10 / 255, 1), "#000AFF");
});

test("a code of 128 gives less than a quarter of the light of 255, as sRGB has it", () => {
  assert.ok(Math.abs(lightOf(128 / 255) - 0.2158605) < 1e-6);
  assert.equal(lightOf(0), 0);
  assert.equal(lightOf(1), 1);
});
