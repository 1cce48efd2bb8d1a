import { tellWindow } from "./events.js";
import { DRAGGED, KEPT, urlTable } from "./address_table.js";

/** @typedef {import("./address_table.js").UrlTable} UrlTable */

/**
 * @typedef {{[Name in keyof UrlTable]?: ReturnType<UrlTable[Name]["parse"]>}} UrlState
 */

/**
 * One entry of the browser's history: what its address says, and what it keeps beside that because an address cannot hold
 * it. Both come back with Back and with a reload, and need no storage.
 *
 * @typedef {{query: URLSearchParams, kept: Record<string, any>}} Entry
 */

/** Browsers refuse more than some 100 changes of the address in 30 seconds, and a drag makes 60 a second. */
const SOON = 350;
/** Longest query that is shared; what is kept and would make it longer stays here. */
const LONGEST = 6000;

/** What the entry is about to be. @type {Entry | null} */
let coming = null;
/** Whether that is a step of the history. */
let stepping = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** What the hand did last; nothing since the page was opened or came back. @type {"" | "chose" | "dragged"} */
let hand = "";
/** What is kept beside the address that is shown. @type {Record<string, any>} */
let keptHere = history.state?.kept ?? {};

if (!history.state) history.replaceState({ kept: {} }, "");

for (const gesture of ["click", "change", "input", "keydown", "pointermove", "drop", "paste"])
  addEventListener(gesture, (event) => (hand = handOf(event) ?? hand), { capture: true, passive: true });

/** @param {Event} event @returns {typeof hand | undefined} undefined for what says nothing */
function handOf(event) {
  const [target] = event.composedPath();
  const typed = target instanceof HTMLInputElement && !["checkbox", "radio", "file"].includes(target.type);
  if (event instanceof PointerEvent && event.type === "pointermove") return event.buttons ? "dragged" : undefined;
  if (event instanceof KeyboardEvent) return event.key.startsWith("Arrow") ? "dragged" : undefined;
  if (target instanceof HTMLTextAreaElement || (typed && (event.type === "input" || target.type === "range")))
    return "dragged";
  return "chose";
}

// What the hand has let go of is written before a reload can come: what a page says while it goes comes too late for that.
for (const end of ["pointerup", "pointercancel", "keyup", "change"])
  addEventListener(end, () => setTimeout(settle), { capture: true, passive: true });
addEventListener("pagehide", settle);
addEventListener("popstate", ({ state }) => {
  if (!state) return history.replaceState({ kept: keptHere }, ""); // a place on the same page, in the same state
  clearTimeout(timer);
  [timer, coming, stepping, hand, keptHere] = [undefined, null, false, "", state.kept];
  tellWindow("returned", undefined);
});

/** @returns {Entry} */
function entry() {
  return coming ?? { query: new URLSearchParams(location.search), kept: keptHere };
}

/** The state of the page's address and of what is kept beside it; what is missing or makes no sense is left out. @returns {UrlState} */
export function readUrl() {
  const { query, kept } = entry();
  /** @type {Record<string, any>} */
  const state = {};
  for (const [name, text] of query) {
    const codec = urlTable[/** @type {keyof UrlTable} */ (name)];
    const value = codec?.parse(text);
    if (value !== undefined) state[name] = value;
  }
  return { ...state, ...kept };
}

/** What the address itself says under a name, as it is written there. @param {string} name */
export const writtenUnder = (name) => entry().query.get(name);

/** What the address says that makes no sense: names and texts. @returns {[string, string][]} */
export function senseless() {
  return [...entry().query].filter(
    ([name, text]) => name in urlTable && urlTable[/** @type {keyof UrlTable} */ (name)].parse(text) === undefined,
  );
}

/**
 * Writes state into the address, or beside it what an address cannot hold; undefined removes a name. What was chosen is a
 * step of the history at once; what was dragged, and what nobody asked for, changes the entry that is there, soon.
 *
 * @param {UrlState} state
 * @param {readonly string[]} [dragged] names that are no step, whatever the hand did
 */
export function writeUrl(state, dragged = DRAGGED) {
  const { query, kept } = { query: new URLSearchParams(entry().query), kept: { ...entry().kept } };
  const changed = Object.entries(state).filter(([name, value]) => write(query, kept, name, value));
  if (!changed.length) return;
  const step = hand === "chose" && changed.some(([name]) => !dragged.includes(name));
  if (step && !stepping) settle(); // what was dragged before belongs to the entry that is left
  stepping ||= step;
  coming = { query, kept };
  if (step) clearTimeout(timer);
  timer = step ? setTimeout(settle) : (timer ?? setTimeout(settle, SOON));
}

/** @param {URLSearchParams} query @param {Record<string, any>} kept @param {string} name @param {any} value @returns {boolean} whether it is another */
function write(query, kept, name, value) {
  const codec = /** @type {import("./address_table.js").Codec<any>} */ (urlTable[/** @type {keyof UrlTable} */ (name)]);
  const beside = KEPT.includes(name);
  const text = value === undefined || beside ? null : codec.format(value);
  if (text === query.get(name) && (!beside || value === kept[name])) return false;
  text === null ? query.delete(name) : query.set(name, text);
  if (beside && value === undefined) delete kept[name];
  else if (beside) kept[name] = value;
  return true;
}

/** Writes what is to be written. */
function settle() {
  clearTimeout(timer);
  timer = undefined;
  if (!coming) return;
  const { query, kept } = coming;
  const address = `${location.pathname}${searchOf(query)}${location.hash}`;
  if (stepping) history.pushState({ kept }, "", address);
  else history.replaceState({ kept }, "", address);
  [coming, stepping, keptHere] = [null, false, kept];
  tellWindow("urlwritten", undefined);
}

/** @param {URLSearchParams} query @returns {string} with its question mark; the same state is the same, whatever was touched first */
function searchOf(query) {
  const names = Object.keys(urlTable);
  const sorted = [...query].sort(([one], [other]) => names.indexOf(one) - names.indexOf(other));
  const search = new URLSearchParams(sorted).toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
  return search && `?${search}`;
}

/**
 * The whole state as the query of an address for others, what is kept beside this one included where it is not too long.
 *
 * @param {readonly string[]} [without] names that are left out
 * @returns {URLSearchParams}
 */
export function sharedQuery(without = []) {
  settle();
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(keptHere)) {
    const text = urlTable[/** @type {"drawing"} */ (name)].format(value);
    if (query.toString().length + text.length < LONGEST) query.set(name, text);
  }
  without.forEach((name) => query.delete(name));
  return query;
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
