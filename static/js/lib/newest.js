/**
 * Runs an asynchronous function so that one call is under way at a time, the newest arguments win, and the last ones are
 * always run: what a drag needs.
 *
 * @template {any[]} A
 * @template R
 * @param {(...args: A) => Promise<R>} run
 * @param {(result: R, ...args: A) => void} done called with each result
 * @param {(error: any) => void} [failed] throws if left out
 * @returns {(...args: A) => void}
 */
export function newest(run, done, failed = rethrow) {
  /** @type {A | null} */
  let waiting = null;
  let busy = false;
  return (...args) => {
    waiting = args;
    if (!busy) drain();
  };

  async function drain() {
    busy = true;
    try {
      while (waiting) {
        const args = waiting;
        waiting = null;
        try {
          done(await run(...args), ...args);
        } catch (error) {
          failed(error);
        }
      }
    } finally {
      busy = false;
    }
  }
}

/** @param {any} error */
function rethrow(error) {
  throw error;
}
