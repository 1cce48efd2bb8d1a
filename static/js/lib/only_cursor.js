/**
 * Whether nothing but the place under the cursor, within the same channel, is new in a state.
 *
 * @param {Record<string, any> | null | undefined} before
 * @param {Record<string, any>} now
 * @returns {boolean}
 */
export function onlyCursor(before, now) {
  if (!before || before.unit[0] !== now.unit[0]) return false;
  return Object.keys(now).every((name) => name === "unit" || before[name] === now[name]);
}
