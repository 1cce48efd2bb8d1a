import { grouped, typeset } from "./typeset.js";

/**
 * The visitor's decimal mark, kept in this browser: numbers are written with it on every page, and nowhere else. Addresses,
 * files and what is sent to the server have a point.
 *
 * @typedef {import("./typeset.js").DecimalMark} DecimalMark
 */

/** @returns {DecimalMark} */
export const decimalMark = () => (globalThis.document?.documentElement.dataset.decimal === "comma" ? "," : ".");

/** A number that is written with a point, with the visitor's mark. @param {string} number */
export const marked = (number) => number.replace(".", decimalMark());

/** The same as it is read, which a field does not show: its thousands apart. @param {string} number */
export const readable = (number) => marked(grouped(number));

/** A sentence as the visitor reads it. @param {string} text */
export const polish = (text) => typeset(text, decimalMark());

/**
 * Keeps another mark and shows the page with it. What the page shows is in the address, so that it comes back as it was.
 *
 * @param {"point" | "comma"} name
 */
export function chooseDecimal(name) {
  localStorage.setItem("decimal", name);
  location.reload();
}

/** What words of an element's own a visitor can read beside its text. */
const SPOKEN = ["aria-label", "alt", "meaning", "title"];
/** What is written for a machine, or to be copied. */
const VERBATIM = "code, pre, script, style, textarea";

/** Polishes what the server wrote into the page. @param {Element} root */
export function polishPage(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.matches(VERBATIM) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node instanceof Text) {
      const set = polish(node.data);
      if (set !== node.data) node.data = set;
    } else if (node instanceof Element)
      for (const name of SPOKEN) {
        const words = node.getAttribute(name);
        if (words && polish(words) !== words) node.setAttribute(name, polish(words));
      }
  }
}
