/**
 * Says words to those who hear the page instead of seeing it: once nothing newer has come for a while, so that a drag
 * does not flood them. The frame has the one place where they are written.
 *
 * @param {string | null | undefined} words
 */
export function announce(words) {
  dispatchEvent(new CustomEvent("announce", { detail: words?.replace(/\s+/g, " ").trim() ?? "" }));
}
