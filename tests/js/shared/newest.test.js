import assert from "node:assert/strict";
import { test } from "node:test";
import { newest } from "../../../static/js/shared/newest.js";

const pause = () => new Promise((resume) => setTimeout(resume, 1));

test("one call at a time, stale ones dropped, the last one always run", async () => {
  /** @type {number[]} */ const ran = [];
  /** @type {number[]} */ const done = [];
  let under = 0;
  const push = newest(
    async (/** @type {number} */ value) => {
      assert.equal(++under, 1);
      ran.push(value);
      await pause();
      under--;
      return value;
    },
    (value) => done.push(value),
  );
  for (let value = 1; value <= 5; value++) push(value);
  while (done.length < 2) await pause();
  push(6);
  while (done.length < 3) await pause();
  assert.deepEqual(ran, [1, 5, 6]);
  assert.deepEqual(done, [1, 5, 6]);
});

test("a failure is told, and the next call still runs", async () => {
  /** @type {string[]} */ const told = [];
  const push = newest(
    async (/** @type {string} */ word) => {
      if (word === "bad") throw new Error(word);
      return word;
    },
    (word) => told.push(word),
    (error) => told.push(`failed: ${error.message}`),
  );
  push("bad");
  push("good");
  while (told.length < 2) await pause();
  assert.deepEqual(told, ["failed: bad", "good"]);
});

test("two calls ahead: a result that comes late is dropped, so is the failure of a call that was overtaken", async () => {
  /** @type {Map<number, {resolve: (value: number) => void, reject: (error: Error) => void}>} */ const under =
    new Map();
  /** @type {(number | string)[]} */ const told = [];
  const push = newest(
    (/** @type {number} */ value) => new Promise((resolve, reject) => under.set(value, { resolve, reject })),
    (value) => told.push(value),
    (error) => told.push(error.message),
    2,
  );
  for (let value = 1; value <= 4; value++) push(value);
  assert.deepEqual([...under.keys()], [1, 2]);
  under.get(2)?.resolve(2);
  await pause();
  assert.deepEqual([...under.keys()], [1, 2, 4]);
  under.get(1)?.resolve(1);
  await pause();
  push(5);
  under.get(4)?.reject(new Error("overtaken"));
  await pause();
  under.get(5)?.reject(new Error("the last"));
  await pause();
  assert.deepEqual(told, [2, "the last"]);
});
