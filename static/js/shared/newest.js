/**
 * Runs an asynchronous function so that the newest arguments win and the last ones are always run: what a drag needs.
 * One call is under way at a time, or `ahead` of them; a result that comes after that of a newer call is dropped, and so
 * is the failure of a call that a newer one has overtaken.
 *
 * @template {any[]} A
 * @template R
 * @param {(...args: A) => Promise<R>} run
 * @param {(result: R, ...args: A) => void} done called with each result
 * @param {(error: any) => void} [failed] throws if left out
 * @param {number} [ahead]
 * @returns {(...args: A) => void}
 */
export function newest(run, done, failed = rethrow, ahead = 1) {
  /** @type {A | null} */
  let waiting = null;
  let under = 0;
  let started = 0;
  let shown = 0;
  return (...args) => {
    waiting = args;
    next();
  };

  function next() {
    while (waiting && under < ahead) {
      const args = waiting;
      waiting = null;
      start(++started, args);
    }
  }

  /** @param {number} number @param {A} args */
  async function start(number, args) {
    under++;
    try {
      const result = await run(...args);
      if (number < shown) return;
      shown = number;
      done(result, ...args);
    } catch (error) {
      if (number === started) failed(error);
    } finally {
      under--;
      next();
    }
  }
}

/** @param {any} error */
function rethrow(error) {
  throw error;
}
