import messages from "messages";
import { polish, readable } from "./decimal.js";
import { articled } from "./typeset.js";

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
  const translated = polish(messages[message] || message);
  const said = translated.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? written(values[name]) : whole));
  return language === "en" ? articled(said) : said;
}

/** @param {string | number} value */
const written = (value) => (typeof value === "number" ? readable(String(value).replace(/^-/, "−")) : value);

/** Words with the colon that leads to what they name, as the language sets it. @param {string} label */
export const withColon = (label) => t("{label}:", { label });

/** What stands between the parts of a list that have commas of their own, as the language sets it. */
export const semicolon = () => t("{first}; {second}", { first: "", second: "" });

/** Marks a message that is translated later with t(). @param {string} message */
export const N_ = (message) => message;
