import { domToCanvas } from "vendor/screenshot";

const LARGEST = 1000;
const QUALITY = 0.85;
const PATIENCE_MS = 5000;

/**
 * A picture of a part of the page as it is now.
 *
 * @param {Element} exhibit
 * @returns {Promise<string>} a data: address
 */
export async function exhibitPicture(exhibit) {
  const { width, height } = exhibit.getBoundingClientRect();
  const canvas = await domToCanvas(exhibit, {
    scale: Math.min(1, LARGEST / Math.max(width, height, 1)),
    backgroundColor: getComputedStyle(document.documentElement).backgroundColor,
    font: { cssText: await fontsInUse() },
    timeout: PATIENCE_MS,
  });
  return canvas.toDataURL("image/webp", QUALITY);
}

/** The page's typefaces as far as they were fetched, whole: the library would look for them with a style that the page's policy forbids. */
async function fontsInUse() {
  const faces = [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules]
      .filter((rule) => rule instanceof CSSFontFaceRule)
      .map(({ cssText }) => whole(cssText, sheet.href)),
  );
  return (await Promise.all(faces)).join("\n");
}

/** @param {string} face @param {string | null} base @returns {Promise<string>} empty where the page has no use for the face */
async function whole(face, base) {
  const [, file = ""] = /url\("([^"]+)"\)/.exec(face) ?? [];
  const address = new URL(file, base ?? location.href).href;
  if (!performance.getEntriesByName(address).length) return "";
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return face.replace(file, `data:font/woff2;base64,${btoa(text)}`);
}
