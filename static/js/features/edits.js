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

/** @param {Edit} edit */
function target(edit) {
  const place = edit.edit === "kernel" ? [edit.output, edit.input] : [...edit.channels].sort((a, b) => a - b);
  return [edit.edit, edit.layer, ...place].join("~");
}
