import { tellWindow } from "./events.js";
import { urlTable } from "./address_table.js";

/** @typedef {import("./address_table.js").UrlTable} UrlTable */

/**
 * @typedef {{[Name in keyof UrlTable]?: ReturnType<UrlTable[Name]["parse"]>}} UrlState
 */

/** The state in the page's address; what is missing or makes no sense is left out. @returns {UrlState} */
export function readUrl() {
  /** @type {Record<string, any>} */
  const state = {};
  for (const [name, text] of new URLSearchParams(location.search)) {
    const codec = urlTable[/** @type {keyof UrlTable} */ (name)];
    const value = codec?.parse(text);
    if (value !== undefined) state[name] = value;
  }
  return state;
}

/** @type {Map<string, string | null>} */
const pending = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Writes state into the address, soon and without a history entry; undefined removes a name.
 *
 * @param {UrlState} state
 */
export function writeUrl(state) {
  for (const [name, value] of Object.entries(state)) {
    const codec = /** @type {import("./address_table.js").Codec<any>} */ (
      urlTable[/** @type {keyof UrlTable} */ (name)]
    );
    pending.set(name, value === undefined ? null : codec.format(value));
  }
  // Browsers refuse more than some 100 changes of the address in 30 seconds, and a drag makes 60 a second.
  timer ??= setTimeout(flush, 350);
}

function flush() {
  timer = undefined;
  const query = new URLSearchParams(location.search);
  for (const [name, text] of pending) text === null ? query.delete(name) : query.set(name, text);
  pending.clear();
  const names = Object.keys(urlTable); // the same state is the same address, whatever was touched first
  const sorted = [...query].sort(([one], [other]) => names.indexOf(one) - names.indexOf(other));
  const search = new URLSearchParams(sorted).toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
  history.replaceState(null, "", `${location.pathname}${search && `?${search}`}${location.hash}`);
  tellWindow("urlwritten", undefined);
}

/** @type {CSSStyleSheet | undefined} the page's one, adopted by every root */
let hiding;

/**
 * Hides what the address asks for, controls that are marked data-hideable="NAME", whatever else shows or hides them.
 *
 * @param {DocumentOrShadowRoot} [root]
 */
export function hideControls(root = document) {
  hiding ??= sheetThatHides(readUrl().hide ?? []);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, hiding];
}

/** @param {string[]} names */
function sheetThatHides(names) {
  const rules = names
    .filter((name) => /^[\w-]+$/.test(name))
    .map((name) => `[data-hideable~="${name}"] { display: none !important; }`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join("\n"));
  return sheet;
}
