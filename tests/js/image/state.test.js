import assert from "node:assert/strict";
import { test } from "node:test";
import { imageStateFromUrl, imageStateToUrl } from "../../../static/js/image/state.js";

test("what an address says comes back, the rest is left out", () => {
  const url = { notation: "hex", channels: "rb", rank: 4, index: [1, 2, 3, 4] };
  const back = Object.entries(imageStateToUrl(imageStateFromUrl(url))).filter(([, value]) => value !== undefined);
  assert.deepEqual(Object.fromEntries(back), url);
});

test("what makes no sense is as on a first visit", () => {
  assert.deepEqual(
    imageStateFromUrl({ notation: "roman", channels: "xyz", rank: 9, index: [-1], unit: [1] }),
    imageStateFromUrl({}),
  );
});
