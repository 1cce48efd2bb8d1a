import { mapsOf, unitFor, unitIndex } from "../shared/units.js";

/** @typedef {import("../shared/units.js").Lie} Lie */

/**
 * Maps of a layer, one after the other.
 *
 * @typedef {object} ChannelStack
 * @property {number} channels
 * @property {number} rows
 * @property {number} columns
 * @property {Float32Array} data (C, H, W), row-major
 * @property {Set<number>} [exact] the maps whose numbers are the network's own, where the others are good to look at only
 */

const LEVELS = 126;

/**
 * A layer's maps out of the server's answer: whole, or each as bytes on a scale of its own, and one as it is.
 *
 * @param {import("../shared/safetensors.js").SafetensorsFile} file
 * @param {string} layer
 * @returns {ChannelStack}
 */
export function stackOf({ tensors, facts }, layer) {
  const scale = facts.layers[layer];
  const ends = tensors[`${layer}.ends`]?.data;
  if (!ends) return channelStack(tensors[layer], scale);
  const [, channels, rows, columns] = tensors[layer].shape;
  const levels = tensors[layer].data;
  const data = new Float32Array(levels.length);
  const count = rows * columns;
  for (let channel = 0; channel < channels; channel++) {
    const [low, high] = [ends[2 * channel], ends[2 * channel + 1]];
    const values = Float32Array.from({ length: LEVELS + 1 }, (_, level) => low + (level * (high - low)) / LEVELS);
    values[LEVELS] = high;
    for (let i = channel * count; i < (channel + 1) * count; i++) data[i] = values[levels[i]];
  }
  const stack = { channels, rows, columns, data, exact: new Set(/** @type {number[]} */ ([])) };
  return withMap(stack, scale.exact, tensors[`${layer}.exact`].data);
}

/** The stack once the numbers of a map are known. @param {ChannelStack} stack @param {number} channel @param {ArrayLike<number>} values */
export function withMap(stack, channel, values) {
  stack.data.set(values, channel * stack.rows * stack.columns);
  return { ...stack, exact: new Set([...(stack.exact ?? []), channel]) };
}

/**
 * A layer's output as a stack of maps, see mapsOf.
 *
 * @param {{shape: number[], data: ArrayLike<number>}} tensor (1, ...)
 * @param {Omit<Lie, "shape">} lie
 * @returns {ChannelStack}
 */
export function channelStack({ shape, data }, { layout, grid }) {
  const lie = { layout, grid, shape: shape.slice(1) };
  const values = /** @type {Float32Array} */ (data);
  const maps = mapsOf(lie);
  if (layout === "HWC" || (lie.shape.length === 2 && (layout !== "CT" || grid?.[0])))
    return { ...maps, data: channelsFirst(maps, lie, values) };
  return { ...maps, data: values };
}

/**
 * The values in the order of the maps. The last of the tokens that stand for no patch fills what is left of their row, as
 * unitFor has it.
 *
 * @param {{channels: number, rows: number, columns: number}} maps
 * @param {Lie} lie
 * @param {Float32Array} values
 */
function channelsFirst({ channels, rows, columns }, lie, values) {
  const count = rows * columns;
  const data = new Float32Array(channels * count);
  for (let at = 0; at < count; at++) {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const first = unitIndex(lie.shape, unitFor({ channel: 0, row, column }, lie));
    const step = lie.layout === "CT" ? lie.shape[1] : 1;
    for (let c = 0; c < channels; c++) data[c * count + at] = values[first + c * step];
  }
  return data;
}

/**
 * What state a map is in, for one picture.
 *
 * @typedef {object} MapCondition
 * @property {"dead" | "constant" | "saturated" | "sparse" | "alive"} kind dead: only zeros; saturated: half of it or more sits
 *   at its upper end, as where a function has a ceiling; sparse: nine tenths are zeros
 * @property {number} zeros share of values that are exactly 0, 0..1
 * @property {number} atTop share of values that are exactly the largest
 * @property {number} low
 * @property {number} high
 * @property {number} mean
 */

/**
 * @param {ArrayLike<number>} values
 * @returns {MapCondition}
 */
export function mapCondition(values) {
  let [low, high, sum, zeros, top] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    sum += value;
    if (value === 0) zeros++;
    if (value < low) low = value;
    if (value > high) [high, top] = [value, 0];
    if (value === high) top++;
  }
  const count = values.length;
  const facts = { zeros: zeros / count, atTop: top / count, low, high, mean: sum / count };
  if (low === high) return { ...facts, kind: high === 0 ? "dead" : "constant" };
  if (high > 0 && top * 2 >= count) return { ...facts, kind: "saturated" };
  return { ...facts, kind: zeros >= 0.9 * count ? "sparse" : "alive" };
}

/** @typedef {"number" | "strength" | "sparsity" | "effect"} ChannelOrder */

/**
 * Numbers of the channels in the order in which to show them: as the network counts, the largest mean size first, or the
 * largest share of zeros (ReLU's silence) first, or what the class loses most by first.
 *
 * @param {ChannelStack} stack
 * @param {ChannelOrder} order
 * @param {ArrayLike<number> | null} [effects] what the class loses without each channel; the network's own order while null
 * @returns {number[]}
 */
export function sortChannels({ channels, rows, columns, data }, order, effects = null) {
  const numbers = Array.from({ length: channels }, (_, channel) => channel);
  if (order === "number" || (order === "effect" && !effects)) return numbers;
  if (order === "effect" && effects) return numbers.sort((a, b) => effects[b] - effects[a] || a - b);
  const count = rows * columns;
  const score = numbers.map((channel) => {
    let sum = 0;
    for (let i = channel * count; i < (channel + 1) * count; i++)
      sum += order === "strength" ? Math.abs(data[i]) : Number(data[i] <= 0);
    return sum;
  });
  return numbers.sort((a, b) => score[b] - score[a] || a - b);
}

/**
 * @typedef {object} ReceptiveField
 * @property {number[]} size rows and columns, in pixels of the network's input
 * @property {number[]} stride
 * @property {number[]} start first row and column that unit (0, 0) reads
 * @property {boolean} whole whether every unit reads the whole input
 */

/**
 * The pixels that a unit reads, cut at the edges of the picture.
 *
 * @param {ReceptiveField | null} field
 * @param {number} row
 * @param {number} column
 * @param {number[]} sides rows and columns of the network's input
 * @returns {{top: number, left: number, bottom: number, right: number}} bottom and right outside
 */
export function fieldBox(field, row, column, [height, width]) {
  if (!field || field.whole) return { top: 0, left: 0, bottom: height, right: width };
  const top = field.start[0] + field.stride[0] * row;
  const left = field.start[1] + field.stride[1] * column;
  const inside = (/** @type {number} */ at, /** @type {number} */ end) => Math.min(Math.max(at, 0), end);
  return {
    top: inside(top, height),
    left: inside(left, width),
    bottom: inside(top + field.size[0], height),
    right: inside(left + field.size[1], width),
  };
}
