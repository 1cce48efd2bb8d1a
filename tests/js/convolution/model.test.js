import assert from "node:assert/strict";
import { test } from "node:test";
import { ConvolutionModel } from "../../../static/js/convolution/model.js";
import { stateFromUrl } from "../../../static/js/convolution/state.js";

const BOUNDS = { number: 1e12, numbers: 262144, side: 31, stride: 256, padding: 256, dilation: 64 };
const picture = { shape: [3, 6, 8], data: Float32Array.from({ length: 144 }, (_, i) => i / 255) };
const MATRIX = [
  [3, 3, 2, 1, 0],
  [0, 0, 1, 3, 1],
  [3, 1, 2, 2, 3],
  [2, 0, 0, 2, 2],
  [2, 0, 0, 0, 1],
];
const KERNEL = [
  [0, 1, 2],
  [2, 2, 0],
  [0, 1, 2],
];
const bench = () => new ConvolutionModel(stateFromUrl({ matrix: MATRIX, kernel: KERNEL }), BOUNDS);

/** Height and width of what comes out. @param {ConvolutionModel} model */
const size = (model) => model.run?.output.shape.slice(1);

test("a matrix is there at once, a picture when it comes", () => {
  assert.equal(bench().value, 12);
  const waiting = new ConvolutionModel(stateFromUrl({ preset: "identity", unit: [0, 0, 0] }));
  assert.equal(waiting.run, null);
  waiting.show(picture, "sample-cat");
  assert.equal(waiting.value, 9, "the second pixel of the second row, 0..255");
});

test("the cursor moves by rows and columns and stops at the edge", () => {
  const model = bench();
  model.move({ rows: 0, columns: 2 });
  assert.equal(model.value, 17);
  model.move({ rows: 1, columns: 0 });
  assert.equal(model.value, 19);
  model.move({ rows: 10, columns: 10 });
  assert.deepEqual(model.state.unit, [0, 2, 2]);
});

test("a finger on the input brings the window under it", () => {
  const model = bench();
  model.pointInput({ row: 4, column: 4 });
  assert.equal(model.value, 14);
});

test("a larger stride makes a smaller output, and the cursor stays on it", () => {
  const model = bench();
  model.pointOutput({ row: 2, column: 2 });
  model.choose({ stride: 2 });
  assert.deepEqual(size(model), [2, 2]);
  assert.deepEqual(model.state.unit, [0, 1, 1]);
  assert.equal(model.value, 14, "the same window, at its new place");
});

test("steps show one value more; what waits cannot be pointed at", () => {
  const model = bench();
  model.step(0);
  assert.deepEqual([model.position, model.secret], [0, false]);
  model.pointOutput({ row: 1, column: 1 });
  assert.deepEqual(model.state.unit, [0, 0, 0]);
  model.step(4);
  assert.deepEqual([model.value, model.position], [17, 4]);
  model.pointOutput({ row: 0, column: 2 });
  assert.equal(model.value, 17);
  assert.equal(model.position, 4, "the stepper stays where it was");
  model.showAll();
  model.pointOutput({ row: 2, column: 2 });
  assert.equal(model.value, 14);
});

test("a value that is to be predicted waits until it is revealed, then comes the next", () => {
  const model = bench();
  model.ask();
  assert.deepEqual([model.secret, model.state.unit], [true, [0, 0, 0]]);
  model.reveal();
  assert.equal(model.secret, false);
  model.ask();
  assert.deepEqual([model.secret, model.state.unit], [true, [0, 0, 1]]);
});

test("an impossible setting says why and leaves the last good run", () => {
  const model = bench();
  const good = model.run;
  model.choose({ dilation: 9 });
  assert.equal(model.run, good);
  assert.deepEqual([model.problem?.code, model.problem?.values.window], ["window_too_large", 19]);
  model.choose({ dilation: 1 });
  assert.deepEqual([model.problem, size(model)], [null, [3, 3]]);
});

test("an impossible address has a reason and no run", () => {
  const same = new ConvolutionModel(stateFromUrl({ matrix: MATRIX, padding: "same", stride: 2 }), BOUNDS);
  assert.deepEqual([same.run, same.problem?.code], [null, "same_with_stride"]);
});

test("what the server refuses is refused here", () => {
  const model = bench();
  model.choose({ bias: 2e12 });
  assert.deepEqual([model.problem?.field, model.value], ["bias", 12]);
  model.choose({ bias: 0 });
  model.write([
    [1e308, 1],
    [1, 1],
  ]);
  assert.equal(model.problem?.values.value, 1e308);
});

test("every change is told, and the address hears only of the state", () => {
  const model = bench();
  /** @type {string[]} */
  const told = [];
  for (const kind of ["state", "change"]) model.addEventListener(kind, () => told.push(kind));
  model.move({ rows: 1, columns: 0 });
  assert.deepEqual(told.splice(0), ["state", "change"]);
  model.pointWeight({ slice: 0, row: 0, column: 0 });
  assert.deepEqual(told.splice(0), ["change"], "a weight under the cursor is no state");
  model.showAll();
  assert.deepEqual(told.splice(0), ["state", "change"], "how much is shown is");
  model.move({ rows: 0, columns: -1 });
  assert.deepEqual(told, [], "at the edge nothing changes");
});

test("a moved cursor computes nothing, a setting does", () => {
  const model = bench();
  const { run } = model;
  model.move({ rows: 1, columns: 1 });
  assert.equal(model.run, run);
  model.choose({ bias: 1 });
  assert.notEqual(model.run, run);
});

test("an example begins from scratch, with everything shown", () => {
  const model = bench();
  model.step(3);
  model.visit("pooling");
  assert.deepEqual([model.value, size(model), model.secret, model.stop], [8, [2, 2], false, "pooling"]);
});

test("a new picture takes the matrix's place, numbers take the picture's", () => {
  const model = bench();
  model.show(picture, "mine");
  assert.deepEqual([model.state.matrix, model.state.image], [null, "mine"]);
  model.write(MATRIX);
  assert.deepEqual([size(model), model.stop, model.state.channels], [[3, 3], "", "grey"]);
});

test("a picture that is not to be had gives way to the first visit's, once", () => {
  const model = new ConvolutionModel(stateFromUrl({ image: "gone" }));
  model.miss("No such picture.");
  assert.deepEqual([model.state.image, model.lost], ["sample-cat", ""]);
  model.miss("No answer.");
  assert.equal(model.lost, "No answer.");
  model.show(picture, "sample-cat");
  assert.equal(model.lost, "");
  const seen = new ConvolutionModel(stateFromUrl({ image: "mine" }));
  seen.show(picture, "mine");
  seen.miss();
  assert.equal(seen.state.image, "mine");
});

test("a turned kernel's weight lies on the other side of the input", () => {
  const model = bench();
  model.choose({ flip: true });
  model.pointTerm({ slice: 0, row: 0, column: 2 });
  assert.deepEqual(model.weight, { slice: 0, row: 2, column: 0 });
});

test("the flattened list knows each value's place", () => {
  const model = bench();
  model.choose({ operation: "flatten", unit: [0, 0, 0] });
  model.pointInput({ row: 2, column: 3 });
  assert.deepEqual([model.state.unit, model.value], [[0, 0, 13], 2]);
  model.moveInList(1);
  assert.deepEqual([model.state.unit, model.value], [[0, 0, 14], 3]);
});
