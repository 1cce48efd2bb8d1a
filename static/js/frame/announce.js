import { tellWindow } from "./events.js";

/**
 * Says words to those who hear the page instead of seeing it: once nothing newer has come for a while, so that a drag
 * does not flood them. They are asked for then, and not at every step of the hand. The frame has the one place where
 * they are written.
 *
 * @param {() => string | null | undefined} words
 */
export function announce(words) {
  tellWindow("announce", words);
}
