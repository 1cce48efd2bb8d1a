/**
 * A surgery that switches channels off.
 *
 * @param {string[]} muted such as "block1.conv1~3": layer and channel
 * @returns {{edit: "mute", layer: string, channels: number[]}[]} one edit for each layer
 */
export function readMuted(muted) {
  /** @type {Map<string, number[]>} */
  const layers = new Map();
  for (const name of muted) {
    const [layer, channel] = name.split("~");
    if (layer && /^\d+$/.test(channel ?? "")) layers.set(layer, [...(layers.get(layer) ?? []), Number(channel)]);
  }
  return [...layers].map(([layer, channels]) => ({ edit: "mute", layer, channels }));
}
