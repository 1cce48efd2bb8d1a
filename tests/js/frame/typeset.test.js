import assert from "node:assert/strict";
import test from "node:test";
import { articled, typeset } from "../../../static/js/frame/typeset.js";

test("decimals get the mark, and nothing else with a point does", () => {
  assert.equal(typeset("−0.5 y 1.44 bits, en 2.", ","), "−0,5 y 1,44\u00a0bits, en 2.");
  assert.equal(typeset("(0.25), 12.5: 3.0", ","), "(0,25), 12,5: 3,0");
  for (const kept of ["http://127.0.0.1:8000", "PyTorch 2.11.0", "block3.2.conv", "features.0.1"])
    assert.equal(typeset(kept, ","), kept);
  assert.equal(typeset("1.44", "."), "1.44");
});

test("large numbers have their thousands apart, from five figures on; what is a name or quoted stays", () => {
  assert.equal(typeset("12000 of 1048576, in 2018 and 9999."), "12\u202f000 of 1\u202f048\u202f576, in 2018 and 9999.");
  assert.equal(typeset("at most 16777216.", ","), "at most 16\u202f777\u202f216.");
  for (const kept of ["http://127.0.0.1:18000", "“12345” is", "«98765»", "3f12345", "0.123456", "60\u202f000"])
    assert.equal(typeset(kept), kept);
});

test("no line breaks before a sign or a unit, nor inside French quotes", () => {
  assert.equal(typeset("72.0 % : quoi ?"), "72.0\u00a0%\u00a0: quoi\u00a0?");
  assert.equal(typeset("« même »"), "«\u00a0même\u00a0»");
  assert.equal(typeset("{megabytes} MB in 3 s, 3 steps"), "{megabytes}\u00a0MB in 3\u00a0s, 3 steps");
});

test("an 8, an 11 and an 18, but a 7 and a 1", () => {
  assert.equal(articled("I read a 8."), "I read an 8.");
  assert.equal(articled("A 18 and a 80"), "An 18 and an 80");
  assert.equal(articled("a 7, a 1, a 180"), "a 7, a 1, a 180");
});
