/** Where the browser may keep nothing, what was to be remembered lasts until the page is left. @type {Map<string, string>} */
const here = new Map();

/** What was remembered under a name, in this visit or an earlier one. @param {string} name */
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return here.get(name) ?? null;
  }
}

/** Remembers words for later visits, where the browser lets it and has room. @param {string} name @param {string} words */
export function remember(name, words) {
  here.set(name, words);
  try {
    localStorage.setItem(name, words);
  } catch {
    // Full, or forbidden: everything goes on, it only is not remembered.
  }
}

/** Forgets all names that begin so. @param {string} start */
export function forget(start) {
  for (const name of here.keys()) if (name.startsWith(start)) here.delete(name);
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(start)) localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}
