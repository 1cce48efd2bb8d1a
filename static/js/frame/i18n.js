import messages from "messages";

/** Code of the page's language. */
export const language = document.documentElement.lang || "en";

/**
 * A message in the page's language.
 *
 * @param {string} message its English text, with {placeholders}
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(message, values = {}) {
  const translated = messages[message] || message;
  return translated.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Marks a message that is translated later with t(). @param {string} message */
export const N_ = (message) => message;
