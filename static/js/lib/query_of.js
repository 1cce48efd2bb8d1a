import { urlTable } from "../frame/address_table.js";

/**
 * State as the query of an address, in the table's notation; what is undefined is left out.
 *
 * @param {Record<string, any>} state
 * @returns {string} without the question mark
 */
export function queryOf(state) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    const codec = /** @type {import("../frame/address_table.js").Codec<any>} */ (
      urlTable[/** @type {keyof typeof urlTable} */ (name)]
    );
    if (value !== undefined) query.set(name, codec.format(value));
  }
  return query.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
}
