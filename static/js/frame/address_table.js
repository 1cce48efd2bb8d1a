import { drawingCodec } from "./drawing_codec.js";
import { editCodec } from "./edit_codec.js";
import { parseMatrix, writtenMatrix } from "./written_numbers.js";

/**
 * How a piece of state is written in the address.
 *
 * @template T
 * @typedef {object} Codec
 * @property {(text: string) => T | undefined} parse undefined where the text makes no sense
 * @property {(value: T) => string} format
 * @property {import("./accepted.js").Wanted} [wanted] what the text may be
 */

/** @type {Codec<string>} */
const text = { parse: (words) => words, format: (value) => value };
/** @type {Codec<number>} */
const number = { parse: finite, format: (value) => String(short(value)), wanted: { code: "any_number" } };
/** What was typed, to its last digit. @type {Codec<number>} */
const exact = { parse: finite, format: String, wanted: { code: "any_number" } };
/** @type {Codec<boolean>} */
const flag = {
  parse: (words) => ({ 0: false, 1: true })[words],
  format: (value) => (value ? "1" : "0"),
  wanted: { code: "one_of", values: { list: ["0", "1"] } },
};
/** @type {Codec<number[]>} */
const numbers = {
  parse: (words) => allFinite(words.split(",")),
  format: (values) => values.map(number.format).join(","),
  wanted: { code: "numbers" },
};
/** @type {Codec<string[]>} */
const names = { parse: (list) => list.split(",").filter(Boolean), format: (list) => list.join(",") };
/** Read as the field for a matrix reads it. @type {Codec<number[][]>} */
const matrix = {
  parse(rows) {
    const parsed = parseMatrix(rows, Infinity);
    return "matrix" in parsed ? parsed.matrix : undefined;
  },
  format: writtenMatrix,
  wanted: { code: "matrix" },
};

/** Six figures are as many as a hand sets; a seed has all of its own. @param {number} value */
function short(value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}

/** @param {string} words */
function finite(words) {
  const value = Number(words);
  return words.trim() !== "" && Number.isFinite(value) ? value : undefined;
}

/** @param {string[]} list */
function allFinite(list) {
  const values = list.map(finite);
  return values.includes(undefined) ? undefined : /** @type {number[]} */ (values);
}

/** Kernels of several slices: rows by ";", slices by "|", kernels by "!". @type {Codec<number[][][][]>} */
const cubes = {
  parse(list) {
    const parsed = list.split("!").map((cube) => cube.split("|").map(matrix.parse));
    const shapes = new Set(
      parsed.map((cube) => cube.map((slice) => slice && `${slice.length} ${slice[0].length}`).join()),
    );
    const whole =
      shapes.size === 1 &&
      parsed.every((cube) =>
        cube.every((slice) => slice && slice.length === cube[0]?.length && slice[0].length === cube[0][0].length),
      );
    return whole ? /** @type {number[][][][]} */ (parsed) : undefined;
  },
  format: (list) => list.map((cube) => cube.map(matrix.format).join("|")).join("!"),
  wanted: { code: "kernels", values: { most: 8 } },
};

/**
 * Weights that differ from the server's, by layer, part and place, such as "conv1.weight~0~0.5~12~-1!dense2.bias~3~0".
 *
 * @typedef {Record<string, Record<"weight" | "bias", Record<number, number>>>} Changes
 *
 * @type {Codec<Changes>}
 */
const changesCodec = {
  parse(list) {
    /** @type {Changes} */
    const changes = {};
    for (const piece of list.split("!")) {
      const [, layer, part, values] = piece.match(/^(\w+)\.(weight|bias)~(.+)$/) ?? [];
      const flat = values && allFinite(values.split("~"));
      if (!flat || flat.length % 2) return undefined;
      const pairs = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
      changes[layer] ??= { weight: {}, bias: {} };
      changes[layer][/** @type {"weight" | "bias"} */ (part)] = Object.fromEntries(pairs);
    }
    return changes;
  },
  format: (changes) =>
    Object.entries(changes)
      .flatMap(([layer, parts]) => Object.entries(parts).map(([part, values]) => [`${layer}.${part}`, values]))
      .filter(([, values]) => Object.keys(values).length)
      .map(([name, values]) => [name, ...Object.entries(values).flat()].join("~"))
      .join("!"),
  wanted: { code: "own" },
};

/**
 * Everything that a teacher would share, by its name in the address. Every page takes what it uses from here.
 */
export const urlTable = {
  image: text,
  network: text,
  model: text,
  layer: text,
  layerkind: text,
  graphcolour: text,
  unit: numbers,
  crop: numbers,
  normalisation: numbers,
  range: text,
  sort: text,
  method: text,
  muted: names,
  edits: editCodec,
  second: text,
  camlayer: text,
  about: text,
  around: number,
  class: number,
  baseline: text,
  window: number,
  random: flag,
  preset: text,
  kernel: matrix,
  kernels: cubes,
  matrix,
  operation: text,
  channels: text,
  size: number,
  divisor: exact,
  bias: exact,
  flip: flag,
  padding: text,
  mode: text,
  stride: number,
  dilation: number,
  pool: number,
  poolstride: number,
  display: text,
  notation: text,
  tint: flag,
  rank: number,
  index: numbers,
  z: numbers,
  code: numbers,
  digit: number,
  scale: number,
  beta: number,
  digits: numbers,
  seed: number,
  view: text,
  off: numbers,
  centre: flag,
  hide: names,
  example: text,
  channel: number,
  slices: text,
  shown: number,
  speed: number,
  lines: text,
  folded: names,
  temperature: exact,
  weightlayer: text,
  weight: number,
  explained: number,
  slice: number,
  swap: number,
  errors: flag,
  loss: text,
  guesses: numbers,
  outlines: flag,
  label: number,
  span: text,
  frozen: flag,
  sample: number,
  slide: flag,
  slidez: numbers,
  mu: numbers,
  sigma: numbers,
  drawn: number,
  bellseed: number,
  start: text,
  right: number,
  down: number,
  aim: number,
  places: number,
  parameter: text,
  pictures: text,
  picture: number,
  trained: number,
  nudge: exact,
  epsilon: exact,
  steprate: exact,
  along: text,
  said: number,
  far: exact,
  run: text,
  runseed: number,
  beside: text,
  rate: exact,
  shownkernel: flag,
  shots: number,
  blend: number,
  step: number,
  moment: number,
  walk: number,
  walked: number,
  panel: text,
  pen: number,
  eraser: flag,
  drawing: drawingCodec,
  scribble: drawingCodec,
  rubbed: drawingCodec,
  changes: changesCodec,
  asked: number,
  guidance: number,
  toldseed: number,
  toldstep: number,
  toldpixel: numbers,
  scribbleclass: number,
  scribblestart: number,
  scribbleseed: number,
  fillclass: number,
  filldigit: number,
  fillseed: number,
  again: number,
  ends: numbers,
  endkind: text,
  endclass: number,
  endshare: number,
  flowstep: number,
  flowstart: numbers,
  flowseed: number,
  arrows: text,
  rival: number,
  rivalsteps: number,
  rivalseed: number,
  lesson: text,
  steps: text,
  noised: number,
  noiseseed: number,
  seenlabel: number,
  traced: numbers,
  outseed: number,
  outsteps: number,
  outkind: text,
  outlabel: number,
};

/** Numbers as an address holds them, for what is shown to be what is shared. @param {number[]} values */
export const asWritten = (values) => values.map(short);

/** What the history entry keeps beside the address, which it would make too long; Share writes it out. */
export const KEPT = ["drawing", "scribble", "rubbed", "changes"];

/** What a hand passes over on its way: it makes no steps in the history. */
export const DRAGGED = [
  "unit",
  "crop",
  "z",
  "code",
  "index",
  "weight",
  "shown",
  "slices",
  "step",
  "sample",
  "moment",
  "noised",
  "traced",
  "walked",
  "right",
  "down",
  "mu",
  "sigma",
  "pen",
  "eraser",
  "rate",
  "nudge",
  "steprate",
  "far",
  "guidance",
  "toldstep",
  "toldpixel",
  "scribblestart",
  "endshare",
  "drawing",
  "scribble",
  "rubbed",
  "changes",
  "flowstep",
  "flowstart",
];

/** @typedef {typeof urlTable} UrlTable */

/**
 * State as the query of an address, in the table's notation; what is undefined is left out.
 *
 * @param {Record<string, any>} state
 * @returns {string} without the question mark
 */
export function queryOf(state) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    const codec = /** @type {Codec<any>} */ (urlTable[/** @type {keyof typeof urlTable} */ (name)]);
    if (value !== undefined) query.set(name, codec.format(value));
  }
  return query.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
}
