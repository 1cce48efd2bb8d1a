import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, searched } from "../../../static/js/shared/folded.js";

const NAMES = ["café exprés", "taza alta de café", "œuf", "Épagneul breton", "gato egipcio"].map((name) => ({ name }));
const names = (/** @type {string} */ wanted) => searched(NAMES, wanted).map(({ name }) => name);

test("what is searched for needs no accents and no capitals", () => {
  assert.deepEqual(names("EXPRES"), ["café exprés"]);
  assert.deepEqual(names("epag"), ["Épagneul breton"]);
  assert.deepEqual(names("oeuf"), ["œuf"]);
  assert.equal(folded("Ñandú"), "nandu");
});

test("every part has to be there, and what begins with it comes first", () => {
  assert.deepEqual(names("cafe"), ["café exprés", "taza alta de café"]);
  assert.deepEqual(names("taza cafe"), ["taza alta de café"]);
  assert.deepEqual(names("perro"), []);
  assert.equal(names("").length, 5);
});
