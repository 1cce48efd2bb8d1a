import { placeOf, unitOf } from "../shared/units.js";
import { stackOf, withMap } from "./maps.js";

/**
 * @typedef {import("../shared/units.js").Place} Place
 *
 * @typedef {object} ShownLayer the layer whose maps are shown
 * @property {string} layer
 * @property {import("./maps.js").ChannelStack} stack
 * @property {Record<string, any>} scale what the server says of it
 * @property {Place} strongest where its largest value is
 */

/**
 * A layer out of the server's answer.
 *
 * @param {import("../shared/safetensors.js").SafetensorsFile} file
 * @param {string} layer
 * @returns {ShownLayer}
 */
export function shownOf(file, layer) {
  const stack = stackOf(file, layer);
  return { layer, scale: file.facts.layers[layer], stack, strongest: strongestPlace(stack) };
}

/** The same once the numbers of a map are known. @param {ShownLayer} shown @param {number} channel @param {ArrayLike<number>} values @returns {ShownLayer} */
export const withNumbers = (shown, channel, values) => ({ ...shown, stack: withMap(shown.stack, channel, values) });

/** How the layer lies. @param {Pick<ShownLayer, "scale">} shown @returns {import("../shared/units.js").Lie} */
export const lieOf = ({ scale: { layout, shape, grid } }) => ({ layout, shape, grid });

/** A unit's place in the layer, unless it lies outside. @param {ShownLayer} shown @param {number[]} unit */
export function placeIn({ stack, scale }, unit) {
  if (unit.length !== scale.shape.length) return null;
  const place = placeOf(unit, lieOf({ scale }));
  const there = place && place.channel < stack.channels && place.row < stack.rows && place.column < stack.columns;
  return there ? place : null;
}

/** Found once, since a layer may have millions of values. @param {import("./maps.js").ChannelStack} stack @returns {Place} */
function strongestPlace({ channels, rows, columns, data }) {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  const [channel, row, column] = unitOf([channels, rows, columns], best);
  return { channel, row, column };
}

/** The picture as the first of the layers. @param {import("./server.js").Network} network @returns {import("./server.js").Layer} */
export function pictureOf({ input }) {
  return {
    name: "input",
    operation: "input",
    inputs: [],
    shape: input,
    layout: "CHW",
    parameters: 0,
    macs: 0,
    receptive_field: { size: [1, 1], stride: [1, 1], start: [0, 0], whole: false },
    kernels: [],
    options: {},
    editable: false,
  };
}
