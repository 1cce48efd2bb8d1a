/** Work of which so many pieces are done at a time. What was asked last comes first: there the hand is. */
export class Turns {
  /** @param {number} most pieces at a time */
  constructor(most) {
    this.most = most;
    this.under = 0;
    /** What lets those begin that wait. @type {(() => void)[]} */ this.waiting = [];
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @param {AbortSignal} signal aborted while it waits, the work is never begun
   * @returns {Promise<T>}
   */
  async run(work, signal) {
    if (this.under < this.most) this.under++;
    else await this.turn(signal);
    try {
      return await work();
    } finally {
      const next = this.waiting.pop();
      if (next) next();
      else this.under--;
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<void>} */
  turn(signal) {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting = this.waiting.filter((one) => one !== begin);
        reject(signal.reason);
      };
      const begin = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.waiting.push(begin);
    });
  }
}
