import { onWindow, tellWindow } from "./events.js";
import { remember } from "./storage.js";

/** @typedef {"light" | "dark"} Theme */

/** Whether the page is light or dark now. @returns {Theme} */
export const theme = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

/** Turns light to dark and back, and remembers it. */
export function toggleTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  remember("theme", next);
  turn(next);
}

/** Light for as long as a page is printed: paper is white, and so is dark's ink. */
export function turnForPaper() {
  if (theme() === "light") return;
  turn("light");
  addEventListener("afterprint", () => turn("dark"), { once: true });
}

/** @param {Theme} next */
function turn(next) {
  document.documentElement.dataset.theme = next;
  tellWindow("themechange", undefined);
}

/**
 * Calls `change` whenever light turns to dark or back.
 *
 * @param {() => void} change
 * @returns {() => void} ends it
 */
export function onThemeChange(change) {
  return onWindow("themechange", change);
}

/**
 * Calls `change` whenever light turns to dark or back, as long as the element is in the page.
 *
 * @param {import("vendor/lit").ReactiveControllerHost} host
 * @param {() => void} change
 */
export function repaintOnTheme(host, change) {
  /** @type {() => void} */
  let end = () => {};
  host.addController({ hostConnected: () => (end = onThemeChange(change)), hostDisconnected: () => end() });
}
