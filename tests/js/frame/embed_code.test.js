import assert from "node:assert/strict";
import { test } from "node:test";
import { embedCode } from "../../../static/js/frame/embed_code.js";

const frame = {
  address: "http://a.example/es/embed/map?z=1,2&hide=classes",
  title: 'Lente: "un mapa" <b>',
  height: 620,
  follow: false,
};

test("an address and a title survive HTML", () => {
  const code = embedCode(frame);
  assert.match(code, /src="http:\/\/a\.example\/es\/embed\/map\?z=1,2&amp;hide=classes"/);
  assert.match(code, /title="Lente: &quot;un mapa&quot; &lt;b>"/);
  assert.match(code, /height="620"/);
  assert.doesNotMatch(code, /<script/);
});

test("the script that fits the height comes when it is wanted", () => {
  const code = embedCode({ ...frame, follow: true });
  assert.equal(code.match(/<iframe/g)?.length, 1);
  assert.match(code, /lente:height/);
});
