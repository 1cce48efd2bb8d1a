/** @typedef {import("../frame/edit_codec.js").Edit} Edit */

/**
 * A list of changes with one more. It takes the place of the one that it supersedes: of the same map or the same slice of
 * a kernel.
 *
 * @param {Edit[]} edits
 * @param {Edit} edit
 * @returns {Edit[]}
 */
export function withEdit(edits, edit) {
  const at = edits.findIndex((other) => target(other) === target(edit));
  return at < 0 ? [...edits, edit] : edits.map((other, i) => (i === at ? edit : other));
}

/**
 * The channels that are off, with one switched over.
 *
 * @param {string[]} muted see readMuted
 * @param {string} layer
 * @param {number} channel
 * @returns {string[]}
 */
export function toggled(muted, layer, channel) {
  const name = `${layer}~${channel}`;
  return muted.includes(name) ? muted.filter((each) => each !== name) : [...muted, name];
}

/** @param {Edit} edit */
function target(edit) {
  const place = edit.edit === "kernel" ? [edit.output, edit.input] : [...edit.channels].sort((a, b) => a - b);
  return [edit.edit, edit.layer, ...place].join("~");
}

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
