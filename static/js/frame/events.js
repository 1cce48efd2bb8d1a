/**
 * What parts of a page that know nothing of each other say over the window, and what comes with it.
 *
 * - addressed: a piece of the address was read, and taken or not; stray where it had been taken before it was known what there is
 * - announce: words for those who hear the page, asked for once nothing newer has come for a while
 * - connection: how the server is
 * - decoded: a decoder, or what it makes, or the digit network's judge has arrived: it can be shown
 * - digit-pinned: the unit of the digit network that is looked at now
 * - pen: another pen is taken up, on every pad of the page
 * - returned: Back or Forward made the address another; what it says is the page's state now
 * - themechange: light has turned to dark, or back
 * - underway: a request to the server more, or one less
 * - urlwritten: the address has become what the page's state is
 *
 * @typedef {object} WindowEvents
 * @property {{name: string, text: string, taken: boolean, stray?: boolean, wanted?: import("./accepted.js").Wanted}} addressed
 * @property {() => string | null | undefined} announce
 * @property {"ready" | "busy" | "offline"} connection
 * @property {undefined} decoded
 * @property {{layer: string, unit: number[]}} digit-pinned
 * @property {{pen: number, erasing: boolean}} pen
 * @property {undefined} returned
 * @property {undefined} themechange
 * @property {1 | -1} underway
 * @property {undefined} urlwritten
 */

/**
 * @template {keyof WindowEvents} Name
 * @param {Name} name
 * @param {WindowEvents[Name]} detail
 */
export function tellWindow(name, detail) {
  dispatchEvent(new CustomEvent(name, { detail }));
}

/**
 * @template {keyof WindowEvents} Name
 * @param {Name} name
 * @param {(detail: WindowEvents[Name]) => void} listener
 * @returns {() => void} ends it
 */
export function onWindow(name, listener) {
  const heard = (/** @type {Event} */ event) => listener(/** @type {CustomEvent<WindowEvents[Name]>} */ (event).detail);
  addEventListener(name, heard);
  return () => removeEventListener(name, heard);
}
