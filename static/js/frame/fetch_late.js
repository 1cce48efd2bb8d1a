import { tellWindow } from "./events.js";

/**
 * A module that is fetched when it is asked for; null where it does not come, which the foot of the page then says.
 *
 * @template Module
 * @param {() => Promise<Module>} load
 * @returns {Promise<Module | null>}
 */
export async function fetchLate(load) {
  try {
    const module = await load();
    tellWindow("connection", "ready");
    return module;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // a fault of its own, and no fault of the way
    tellWindow("connection", "offline");
    return null;
  }
}
