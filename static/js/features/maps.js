/**
 * Maps of a layer, one after the other.
 *
 * @typedef {object} ChannelStack
 * @property {number} channels
 * @property {number} rows
 * @property {number} columns
 * @property {Float32Array} data (C, H, W), row-major
 */

/**
 * A layer's output as a stack of maps; a vector's values are maps of one pixel.
 *
 * @param {{shape: number[], data: ArrayLike<number>}} tensor (1, C, H, W), (1, H, W, C) or (1, Z)
 * @param {string} layout "CHW", "HWC" or "Z"
 * @returns {ChannelStack}
 */
export function channelStack({ shape, data }, layout) {
  const sides = shape.slice(1);
  const values = /** @type {Float32Array} */ (data);
  if (layout === "CHW" && sides.length === 3)
    return { channels: sides[0], rows: sides[1], columns: sides[2], data: values };
  if (layout === "HWC" && sides.length === 3) return channelsFirst(sides, values);
  return { channels: values.length, rows: 1, columns: 1, data: values };
}

/**
 * @param {number[]} sides
 * @param {Float32Array} values
 * @returns {ChannelStack}
 */
function channelsFirst([rows, columns, channels], values) {
  const count = rows * columns;
  const data = new Float32Array(values.length);
  for (let i = 0; i < count; i++) for (let c = 0; c < channels; c++) data[c * count + i] = values[i * channels + c];
  return { channels, rows, columns, data };
}
