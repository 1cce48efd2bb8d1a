import assert from "node:assert/strict";
import { test } from "node:test";
import { Forming } from "../../../static/js/diffusion/forming.js";

const pause = () => new Promise((resume) => setTimeout(resume, 1));

/** An element as far as it matters here. */
function host() {
  let updates = 0;
  return {
    addController() {},
    removeController() {},
    requestUpdate: () => updates++,
    updateComplete: Promise.resolve(true),
    updates: () => updates,
  };
}

/** Work of so many steps, which writes down what it did. @param {string[]} log @param {string} name @param {number} steps */
const work = (log, name, steps) => async (/** @type {AbortSignal} */ signal, /** @type {() => void} */ formed) => {
  for (let step = 1; step <= steps; step++) {
    await pause();
    signal.throwIfAborted();
    log.push(`${name}${step}`);
    formed();
  }
};

test("what is overtaken ends once its first step was seen; what lies between is never begun; the last ends", async () => {
  /** @type {string[]} */ const log = [];
  const forming = new Forming(host());
  for (const name of ["a", "b", "c"]) forming.ask(work(log, name, 3));
  while (forming.busy) await pause();
  assert.deepEqual(log, ["a1", "c1", "c2", "c3"]);
  assert.equal(forming.fault, "");
});

test("one that was seen already ends at once when a newer one comes", async () => {
  /** @type {string[]} */ const log = [];
  const forming = new Forming(host());
  forming.ask(work(log, "a", 50));
  while (log.length < 2) await pause();
  forming.ask(work(log, "b", 2));
  const reached = log.length;
  while (forming.busy) await pause();
  assert.deepEqual(log.slice(reached), ["b1", "b2"]);
});

test("a failure is told until something is seen again; leaving the page ends the work", async () => {
  /** @type {string[]} */ const log = [];
  const forming = new Forming(host());
  forming.ask(async () => {
    throw new Error("no");
  });
  while (forming.busy) await pause();
  assert.equal(forming.fault, "no");
  forming.ask(work(log, "a", 50));
  while (!log.length) await pause();
  assert.equal(forming.fault, "");
  forming.hostDisconnected();
  while (forming.busy) await pause();
  assert.ok(log.length < 50);
  assert.equal(forming.fault, "");
});
