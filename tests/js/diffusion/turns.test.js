import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../../static/js/diffusion/turns.js";

const pause = () => new Promise((resume) => setTimeout(resume, 1));
const { signal } = new AbortController();

test("two at a time, of those that wait the last one first, and what is given up is never begun", async () => {
  const turns = new Turns(2);
  /** @type {string[]} */ const begun = [];
  let most = 0;
  let under = 0;
  const work = (/** @type {string} */ name) => async () => {
    begun.push(name);
    most = Math.max(most, ++under);
    await pause();
    under--;
    return name;
  };
  const stopper = new AbortController();
  const asked = ["a", "b", "c", "d"].map((name) => turns.run(work(name), signal));
  const given = turns.run(work("given up"), stopper.signal);
  stopper.abort();
  await assert.rejects(given, { name: "AbortError" });
  assert.deepEqual(await Promise.all(asked), ["a", "b", "c", "d"]);
  assert.deepEqual(begun, ["a", "b", "d", "c"]);
  assert.equal(most, 2);
});

test("work that fails gives its turn on", async () => {
  const turns = new Turns(1);
  const fails = turns.run(async () => {
    await pause();
    throw new Error("no");
  }, signal);
  const next = turns.run(async () => "done", signal);
  await assert.rejects(fails, /no/);
  assert.equal(await next, "done");
});
