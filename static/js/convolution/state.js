import { accepting, listOf, oneOf, wholeFrom } from "../frame/accepted.js";
import { talkExamples } from "./examples.js";
import { kernelPresets } from "./kernels.js";
import { UNBOUNDED, checkValues } from "./run.js";

/**
 * Everything that the convolution page's visitor has chosen: a stage's setting and
 *
 * @typedef {import("./run.js").Setting & {
 *   matrix: number[][] | null, image: string, size: number, channels: "grey" | "each" | "cube", scale: number,
 *   display: import("./painting.js").DisplayName, preset: string, unit: [number, number, number]}} ConvolutionState
 */

/** A matrix is typed, and its numbers shown: so many. */
export const MOST_TYPED = 4096;

const MODES = ["zeros", "reflect", "replicate", "circular"];
const OUTLINE = kernelPresets.filter(({ name }) => name === "outline")[0];

/** @type {import("./run.js").Setting} */
const PLAIN = {
  operation: "convolution",
  kernels: [[OUTLINE.kernel]],
  divisor: 1,
  bias: 0,
  flip: false,
  padding: 0,
  mode: "zeros",
  stride: 1,
  dilation: 1,
  pool: 2,
  poolStride: 2,
};

/** @type {ConvolutionState} */
const FIRST = {
  ...PLAIN,
  matrix: null,
  image: "sample-cat",
  size: 256,
  channels: "each",
  scale: 255,
  display: "clamp",
  preset: "outline",
  unit: [0, 63, 95],
};

/**
 * What each piece of the state is called in the address and what is accepted there.
 *
 * @type {Record<string, {field: keyof ConvolutionState, accepts: import("../frame/accepted.js").Accepts}>}
 */
const NAMES = {
  operation: { field: "operation", accepts: oneOf(["convolution", "max", "average", "flatten"]) },
  matrix: { field: "matrix", accepts: Array.isArray },
  image: { field: "image", accepts: Boolean },
  size: { field: "size", accepts: wholeFrom(8, 512) },
  channels: { field: "channels", accepts: oneOf(["grey", "each", "cube"]) },
  scale: { field: "scale", accepts: oneOf([1, 255]) },
  divisor: { field: "divisor", accepts: Number.isFinite },
  bias: { field: "bias", accepts: Number.isFinite },
  flip: { field: "flip", accepts: (value) => typeof value === "boolean" },
  padding: {
    field: "padding",
    accepts: accepting((value) => value === "same" || Number.isFinite(parseFloat(value)), "padding"),
  },
  mode: { field: "mode", accepts: oneOf(MODES) },
  stride: { field: "stride", accepts: Number.isFinite },
  dilation: { field: "dilation", accepts: Number.isFinite },
  pool: { field: "pool", accepts: Number.isFinite },
  poolstride: { field: "poolStride", accepts: Number.isFinite },
  display: { field: "display", accepts: oneOf(["clamp", "absolute", "middle", "signed", "rescaled"]) },
  preset: { field: "preset", accepts: oneOf([...kernelPresets.map(({ name }) => name), "custom"]) },
};

const KERNELS = accepting(fits, "kernels", { most: 8 });
const UNIT = listOf(wholeFrom(0), 3);
/** How the state is looked at. */
export const LOOKS = {
  channel: wholeFrom(0, 2),
  shown: wholeFrom(0),
  example: oneOf(["own", "photo", "colour", "digit", ...talkExamples.map(({ name }) => name)]),
};

/** What of an address is taken, whatever the bounds, by its names there. */
export const CONVOLUTION_ACCEPTS = {
  ...Object.fromEntries(Object.entries(NAMES).map(([name, { accepts }]) => [name, accepts])),
  kernel: accepting((kernel) => fits([[kernel]]), "kernels", { most: 8 }),
  kernels: KERNELS,
  unit: UNIT,
  ...LOOKS,
};

/**
 * The state that an address says; what it leaves out, or what makes no sense, is as on a first visit.
 *
 * @param {Record<string, any>} url
 * @param {import("./run.js").Bounds} [bounds]
 * @returns {ConvolutionState}
 */
export const stateFromUrl = (url, bounds) => readState(url, bounds).state;

/**
 * The state that an address says, and the first of its values that is out of bounds and therefore as on a first visit.
 *
 * @param {Record<string, any>} url
 * @param {import("./run.js").Bounds} [bounds]
 * @returns {{state: ConvolutionState, refused: import("./run.js").Problem | null}}
 */
export function readState(url, bounds = UNBOUNDED) {
  /** @type {Record<string, any>} */
  const state = { ...FIRST };
  /** @type {import("./run.js").Problem | null} */
  let refused = null;
  const typed = { ...bounds, numbers: Math.min(bounds.numbers, MOST_TYPED) };
  const accepted = (/** @type {Record<string, any>} */ change) => {
    const problem = checkValues(change, typed);
    refused ??= problem;
    return problem === null;
  };
  const said = "padding" in url && url.padding !== "same" ? { ...url, padding: Number(url.padding) } : url;
  for (const [name, { field, accepts }] of Object.entries(NAMES))
    if (name in said && accepts(said[name]) && accepted({ [field]: said[name] })) state[field] = said[name];
  const kernels = url.kernels ?? (url.kernel && [[url.kernel]]);
  const named = kernelPresets.find(({ name }) => name === url.preset);
  if (kernels && fits(kernels) && accepted({ kernels })) state.kernels = kernels;
  else if (named)
    Object.assign(state, { kernels: [[named.kernel]], divisor: "divisor" in url ? state.divisor : named.divisor });
  if (state.matrix) state.channels = "grey";
  if (state.channels === "cube" && state.kernels[0].length === 1) state.kernels = state.kernels.map(thrice);
  if (state.channels !== "cube")
    state.kernels = state.kernels.map((/** @type {number[][][]} */ slices) => slices.slice(0, 1));
  if (url.unit && UNIT(url.unit)) state.unit = url.unit;
  else if (state.matrix) state.unit = [0, 0, 0];
  return { state: /** @type {ConvolutionState} */ (state), refused };
}

/** @param {number[][][][]} kernels */
function fits(kernels) {
  return kernels.length <= 8 && [1, 3].includes(kernels[0].length);
}

/** @param {number[][][]} slices */
const thrice = ([slice]) => [slice, slice, slice];

/**
 * What of a state has to be in the address: everything that differs from a first visit; undefined for the rest.
 *
 * @param {ConvolutionState} state
 * @returns {Record<string, any>}
 */
export function stateToUrl(state) {
  /** @type {Record<string, any>} */
  const url = {};
  for (const [name, { field }] of Object.entries(NAMES))
    url[name] = state[field] === FIRST[field] ? undefined : state[field];
  if (url.padding !== undefined) url.padding = String(url.padding);
  url.matrix = state.matrix ?? undefined;
  if (state.matrix) url.image = url.size = url.channels = url.scale = undefined;
  const named = kernelPresets.find(({ name }) => name === state.preset);
  const plain = state.kernels.length === 1 && state.kernels[0].length === 1;
  if (named) url.divisor = undefined;
  url.kernel = !named && plain ? state.kernels[0][0] : undefined;
  url.kernels = !named && !plain ? state.kernels : undefined;
  url.unit = String(state.unit) === String(state.matrix ? [0, 0, 0] : FIRST.unit) ? undefined : state.unit;
  return url;
}

/**
 * A worked example of the talk, from scratch.
 *
 * @param {ConvolutionState} state what of it is kept: the picture, unless another example brought it
 * @param {string} name
 * @returns {ConvolutionState}
 */
export function stateOfExample({ image, size, scale }, name) {
  const first = BROUGHT.includes(image) ? { ...FIRST, size } : { ...FIRST, image, size, scale };
  const example = talkExamples.find((one) => one.name === name);
  if (name === "colour")
    return {
      ...first,
      image: "sample-balls",
      channels: "cube",
      kernels: [RED],
      divisor: 9,
      preset: "custom",
      display: "signed",
      unit: [0, 80, 75],
    };
  if (name === "digit")
    return {
      ...first,
      image: "sample-seven",
      channels: "grey",
      scale: 1,
      kernels: EDGES,
      preset: "custom",
      display: "signed",
      unit: [0, 4, 12],
    };
  if (!example) return first;
  const { matrix, operation, kernel, padding = 0, stride = 1 } = example;
  const kernels = kernel ? [[kernel]] : PLAIN.kernels;
  return {
    ...first,
    matrix,
    operation,
    kernels,
    padding,
    stride,
    channels: "grey",
    display: "signed",
    unit: [0, 0, 0],
    preset: kernel ? presetOf(kernel) : "outline",
  };
}

/** The example whose input a state has. @param {ConvolutionState} state */
export function stopOf({ matrix, channels, image }) {
  if (!matrix) return channels === "cube" ? "colour" : image === "sample-seven" ? "digit" : "photo";
  return talkExamples.find((one) => JSON.stringify(one.matrix) === JSON.stringify(matrix))?.name ?? "";
}

const BROUGHT = ["sample-balls", "sample-seven"];

/** Finds red: what is red adds, what is green or blue takes away. */
const RED = [1, -0.5, -0.5].map((weight) => Array.from({ length: 3 }, () => Array(3).fill(weight)));

/** The edges at the top, on the left, at the bottom and on the right of what is light. */
const EDGES = ["top-edge", "left-edge", "bottom-edge", "right-edge"].map((name) =>
  kernelPresets.filter((one) => one.name === name).map(({ kernel }) => kernel),
);

/**
 * The name of the preset that a slice is, or "custom".
 *
 * @param {number[][]} slice
 * @param {number} [divisor]
 * @returns {string}
 */
export function presetOf(slice, divisor = 1) {
  const text = JSON.stringify(slice);
  return kernelPresets.find((one) => one.divisor === divisor && JSON.stringify(one.kernel) === text)?.name ?? "custom";
}

/**
 * The preset that a change makes of a state, or "custom".
 *
 * @param {ConvolutionState} state
 * @param {Partial<ConvolutionState>} change
 * @returns {string}
 */
export function presetWith(state, change) {
  const { kernels, divisor } = { ...state, ...change };
  return kernels.length === 1 && kernels[0].length === 1 ? presetOf(kernels[0][0], divisor) : "custom";
}

/**
 * The state with its pictures' channels treated in another way; kernels get or lose slices.
 *
 * @param {ConvolutionState} state
 * @param {ConvolutionState["channels"]} channels
 * @returns {ConvolutionState}
 */
export function withChannels(state, channels) {
  const cube = channels === "cube";
  const kernels = state.kernels.map((slices) =>
    cube ? (slices.length === 3 ? slices : thrice(slices)) : slices.slice(0, 1),
  );
  const kept = channels === "each" ? kernels.slice(0, 1) : kernels;
  const preset = presetWith(state, { kernels: kept });
  const display = channels === "each" && state.display === "signed" ? "clamp" : state.display;
  return { ...state, channels, kernels: kept, preset, display, unit: [0, state.unit[1], state.unit[2]] };
}

/**
 * Whether nothing but the place under the cursor, within the same channel, is new in a state.
 *
 * @param {Record<string, any> | null | undefined} before
 * @param {Record<string, any>} now
 * @returns {boolean}
 */
export function onlyCursor(before, now) {
  if (!before || before.unit[0] !== now.unit[0]) return false;
  return Object.keys(now).every((name) => name === "unit" || before[name] === now[name]);
}
