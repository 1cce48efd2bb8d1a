import { html } from "vendor/lit";

const HATTED = /(\S\u0302)/;

/**
 * A sentence or a sum in which letters may bear a hat (U+0302), as few fonts set it: the hat is drawn over its letter. What is
 * copied or read aloud keeps it.
 *
 * @param {string} text
 */
export const hatted = (text) =>
  text.split(HATTED).map((part, i) => (i % 2 ? html`<span class="hatted">${part[0]}<i>${part[1]}</i></span>` : part));
