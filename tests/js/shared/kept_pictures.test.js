import assert from "node:assert/strict";
import { test } from "node:test";
import { outlived } from "../../../static/js/shared/server/kept_pictures.js";

const HOUR = 3_600_000;

test("eight pictures of the last day stay", () => {
  const now = 100 * HOUR;
  const kept = Array.from({ length: 10 }, (_, hours) => ({ id: `${hours} h ago`, time: now - hours * HOUR }));
  assert.deepEqual(outlived(kept, now), ["8 h ago", "9 h ago"]);
  assert.deepEqual(outlived([...kept.slice(0, 3), { id: "old", time: now - 25 * HOUR }], now), ["old"]);
  assert.deepEqual(outlived([{ id: "almost", time: now - 23 * HOUR }], now), []);
});
