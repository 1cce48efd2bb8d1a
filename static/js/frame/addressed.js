import { listOf, wholeFrom } from "./accepted.js";
import { readUrl, writeUrl, writtenUnder } from "./address.js";
import { onWindow, tellWindow } from "./events.js";

/**
 * @typedef {object} Field how a property of an element stands in the address
 * @property {keyof import("./address_table.js").UrlTable} name
 * @property {any} first what it is on a first visit, which the address does not say
 * @property {import("./accepted.js").Accepts} [accepts] what of an address is taken; all of it if left out
 * @property {boolean} [quiet] whether what is not taken is left out without a word
 * @property {(value: any) => any} [read] the property from the address's value
 * @property {(property: any) => any} [write] the other way
 */

/**
 * Holds properties of an element in the page's address: sets them from it now and after Back, and writes what differs
 * from a first visit.
 *
 * @param {import("vendor/lit").ReactiveControllerHost} host in its constructor
 * @param {Record<string, Field>} fields by the properties' names
 * @param {() => void} [returned] called after Back has set them
 */
export function addressed(host, fields, returned = () => {}) {
  const own = /** @type {Record<string, any>} */ (/** @type {unknown} */ (host));
  /** @type {Record<string, any>} */
  const told = {};
  const list = Object.entries(fields);

  function read() {
    const url = /** @type {Record<string, any>} */ (readUrl());
    for (const [property, { name, first, accepts = ANYTHING, quiet = false, read: from = same }] of list) {
      const said = name in url && accepts(url[name]);
      if (!quiet) tellTaken(name, said, accepts);
      told[property] = own[property] = from(said ? url[name] : first);
    }
  }

  /** @type {() => void} */
  let end = () => {};
  read();
  host.addController({
    hostConnected: () =>
      (end = onWindow("returned", () => {
        read();
        returned();
      })),
    hostDisconnected: () => end(),
    hostUpdated() {
      /** @type {Record<string, any>} */
      const state = {};
      for (const [property, { name, first, write = same }] of list) {
        if (told[property] === own[property]) continue;
        const value = write((told[property] = own[property]));
        state[name] = JSON.stringify(value) === JSON.stringify(first) ? undefined : value;
      }
      writeUrl(state);
    },
  });
}

/**
 * Says whether what the address says under a name is taken.
 *
 * @param {string} name
 * @param {boolean} taken
 * @param {import("./accepted.js").Accepts} [accepts]
 */
export function tellTaken(name, taken, accepts) {
  const text = writtenUnder(name);
  if (text !== null) tellWindow("addressed", { name, text, taken, wanted: accepts?.wanted });
}

/**
 * Says that what was taken under a name is none of what is there, now that it is known what is there.
 *
 * @param {string} name
 * @param {import("./accepted.js").Accepts} accepts
 */
export function tellStray(name, accepts) {
  const text = writtenUnder(name);
  if (text !== null) tellWindow("addressed", { name, text, taken: false, stray: true, wanted: accepts.wanted });
}

/** Says of every name of a page's state whether what the address says there is taken. @param {Record<string, import("./accepted.js").Accepts>} table */
export function tellAllTaken(table) {
  const url = /** @type {Record<string, any>} */ (readUrl());
  for (const [name, accepts] of Object.entries(table)) tellTaken(name, name in url && accepts(url[name]), accepts);
}

const ANYTHING = () => true;

/** @param {any} value */
const same = (value) => value;

/** Digits that are left out of a map, which elements hold as a set. @type {Field} */
export const OFF = {
  name: "off",
  first: [],
  accepts: listOf(wholeFrom(0, 9)),
  read: (list) => new Set(list),
  write: (off) => [...off].sort(),
};
