import assert from "node:assert/strict";
import { test } from "node:test";
import { urlTable } from "../../../static/js/frame/address_table.js";
import { parseMatrix } from "../../../static/js/frame/written_numbers.js";
import { decimalsOf, formatNumber, exactNumber, parseNumber } from "../../../static/js/shared/numbers.js";

test("as many decimals as the value deserves", () => {
  assert.equal(formatNumber(12), "12");
  assert.equal(formatNumber(0.12345), "0.123");
  assert.equal(formatNumber(-1.2), "−1.2");
  assert.equal(formatNumber(1234.56), "1235");
  assert.equal(formatNumber(0.00000123), "1.23e-6");
  assert.equal(formatNumber(2.000664298565036e32), "2.00e+32");
});

test("fixed decimals keep columns aligned, and zero has no sign", () => {
  assert.equal(formatNumber(0.5, 2), "0.50");
  assert.equal(formatNumber(-0.001, 2), "0.00");
});

test("a scale says its numbers as they are: 0.25, 0.5, 0.75", () => {
  for (const step of [0.25, 0.5, 0.2, 0.1, 2.5, 5, 20, 0.025, 0.002])
    for (const times of [1, 2, 3])
      assert.equal(Number((times * step).toFixed(decimalsOf(step))), Number((times * step).toPrecision(9)));
  assert.equal(decimalsOf(2.5e-9), 7);
});

test("what is not finite is named", () => {
  assert.equal(formatNumber(NaN), "NaN");
  assert.equal(formatNumber(-Infinity), "−∞");
});

test("float32's noise goes, its digits stay", () => {
  assert.equal(exactNumber(Math.fround(0.6)), "0.6");
  assert.equal(exactNumber(Math.fround(-1 / 3)), "−0.3333333");
  assert.equal(exactNumber(-0), "0");
  assert.equal(exactNumber(12345.678, 3), "12\u202f300");
});

test("thousands are set apart from five figures on, and read as they are shown", () => {
  assert.equal(formatNumber(405900), "405\u202f900");
  assert.equal(formatNumber(-1234567), "−1\u202f234\u202f567");
  assert.equal(formatNumber(12345.5, 4), "12\u202f345.5000");
  assert.equal(formatNumber(9999), "9999");
  assert.equal(formatNumber(1e21), "1.00e+21");
  assert.equal(exactNumber(12345.678), "12\u202f345.68");
  assert.equal(exactNumber(0.1234567), "0.1234567");
  assert.equal(parseNumber(formatNumber(-1234567)), -1234567);
  assert.deepEqual(parseMatrix("12\u202f345 1\n2 3", 9), {
    matrix: [
      [12345, 1],
      [2, 3],
    ],
  });
});

test("numbers as people write them", () => {
  assert.equal(parseNumber(" -1.5 "), -1.5);
  assert.equal(parseNumber("−2"), -2);
  assert.equal(parseNumber("0,25"), 0.25);
  assert.equal(parseNumber("1/16"), 0.0625);
  assert.equal(parseNumber("1e-3"), 0.001);
});

test("what is no number, or not finite, is refused", () => {
  for (const text of ["", " ", "abc", "1/0", "Infinity", "NaN", "1/", "/2", "1/2/3", "--1"])
    assert.equal(parseNumber(text), undefined, text);
});

test("as written on a slide, or pasted from a spreadsheet", () => {
  assert.deepEqual(parseMatrix("1 2\n3 4", 9), {
    matrix: [
      [1, 2],
      [3, 4],
    ],
  });
  assert.deepEqual(parseMatrix("0 .6 / .6 0", 9), {
    matrix: [
      [0, 0.6],
      [0.6, 0],
    ],
  });
  assert.deepEqual(parseMatrix("1\t2,5\n-3\t4", 9), {
    matrix: [
      [1, 2.5],
      [-3, 4],
    ],
  });
});

test("separators are decided from the whole text", () => {
  /** @type {[string, number[][]][]} */
  const texts = [
    [
      "1,2\n3,4",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["1;2;3", [[1, 2, 3]]],
    ["1,5;2;3", [[1.5, 2, 3]]],
    [
      "1,5;2\r\n3;4,25\r\n",
      [
        [1.5, 2],
        [3, 4.25],
      ],
    ],
    [
      "1,2;3,4",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "1, 2; 3, 4",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "1 2; 3 4",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "1 2;\n3 4;",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "1, 2\n3, 4",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "1,5 2\n3 4",
      [
        [1.5, 2],
        [3, 4],
      ],
    ],
    ["1,5, 2,5", [[1.5, 2.5]]],
    [
      "1/9,0;0,−2",
      [
        [1 / 9, 0],
        [0, -2],
      ],
    ],
    ["7", [[7]]],
  ];
  for (const [text, matrix] of texts) {
    const parsed = parseMatrix(text, 99);
    assert.deepEqual(parsed, { matrix }, text);
  }
});

test("what the address writes the field reads the same way, with either decimal mark", () => {
  const numbers = [1, -2, 0.5, 1 / 3, 1e-7, 1e30];
  for (let rows = 1; rows <= 4; rows++)
    for (let columns = 1; columns <= 4; columns++) {
      const matrix = Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (__, column) => numbers[(row * columns + column) % numbers.length]),
      );
      const text = urlTable.matrix.format(matrix);
      assert.deepEqual(urlTable.matrix.parse(text), matrix, text);
      for (const mark of /** @type {const} */ ([".", ","]))
        assert.deepEqual(parseMatrix(text, 99, mark), { matrix }, `${text} with ${mark}`);
    }
});

test("an address reads what a field reads", () => {
  for (const text of ["1 2\n3 4", "1\t2\n3\t4", "1 2;3 4", "1,2;3,4", "1, 2\n3, 4", "1;2\n3;4"])
    assert.deepEqual(
      urlTable.matrix.parse(text),
      [
        [1, 2],
        [3, 4],
      ],
      text,
    );
  assert.deepEqual(urlTable.matrix.parse("1;2;3"), [[1, 2, 3]]);
  assert.deepEqual(urlTable.matrix.parse("1,2;3"), [[1.2, 3]]);
  assert.equal(urlTable.matrix.parse("1 2;3"), undefined);
});

test("with a decimal comma, two numbers between semicolons are one with decimals", () => {
  assert.deepEqual(parseMatrix("1,2;3,4", 99, ","), { matrix: [[1.2, 3.4]] });
  assert.deepEqual(parseMatrix("1,2\n3,4", 99, ","), { matrix: [[1.2], [3.4]] });
  assert.deepEqual(parseMatrix("1,2\n3,4.5", 99, ","), {
    matrix: [
      [1, 2],
      [3, 4.5],
    ],
  });
  assert.deepEqual(parseMatrix("1,2;3,4;", 99, ","), {
    matrix: [
      [1, 2],
      [3, 4],
    ],
  });
});

test("what is wrong with it", () => {
  assert.deepEqual(parseMatrix(" \n", 9), { code: "empty", values: {} });
  assert.deepEqual(parseMatrix("1 2\n3", 9), { code: "ragged", values: { row: 2, found: 1, wanted: 2 } });
  assert.deepEqual(parseMatrix("1 x", 9), { code: "not_number", values: { text: "x" } });
  assert.deepEqual(parseMatrix("1 2 3", 2), { code: "too_many", values: { found: 3, most: 2 } });
});
