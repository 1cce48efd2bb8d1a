import assert from "node:assert/strict";
import { test } from "node:test";
import { editCodec } from "../../../static/js/frame/edit_codec.js";

/** @type {import("../../../static/js/frame/edit_codec.js").Edit[]} */
const EDITS = [
  { edit: "scale", layer: "block1.conv1", channels: [5], factor: -0.5 },
  { edit: "swap", layer: "relu1:1", channels: [0, 31] },
  {
    edit: "kernel",
    layer: "conv1",
    output: 3,
    input: 2,
    values: [
      [0, 1],
      [-1, Math.fround(0.1234567)],
    ],
  },
  { edit: "kernel", layer: "block2.add", output: 3, input: 2, values: [[2]] },
  { edit: "kernel", layer: "dense", output: 9, input: 255, values: 1e-7 },
];

test("what is written is what is read, one by one and together", () => {
  for (const edit of EDITS) assert.deepEqual(rounded(editCodec.parse(editCodec.format([edit]))), [edit]);
  assert.deepEqual(rounded(editCodec.parse(editCodec.format(EDITS))), EDITS);
});

test("garbled text is no change at all", () => {
  for (const text of [
    "",
    "scale",
    "burn~conv1~1~2",
    "scale~conv1~a~2",
    "scale~~1~2",
    "swap~conv1~1",
    "kernel~conv1~1~2~1,x",
    "scale~conv1~1~2!swap",
  ]) {
    assert.equal(editCodec.parse(text), undefined, text);
  }
});

/** Weights as float32, as the network has them. @param {import("../../../static/js/frame/edit_codec.js").Edit[] | undefined} edits */
function rounded(edits) {
  return edits?.map((edit) =>
    edit.edit === "kernel" && typeof edit.values !== "number"
      ? { ...edit, values: edit.values.map((row) => row.map(Math.fround)) }
      : edit,
  );
}
