/**
 * A change to a network, as the server reads it; channels that are switched off are kept apart, see readMuted.
 *
 * @typedef {{edit: "scale", layer: string, channels: number[], factor: number}} ScaleEdit
 * @typedef {{edit: "swap", layer: string, channels: number[]}} SwapEdit
 * @typedef {{edit: "kernel", layer: string, output: number, input: number, values: number[][] | number}} KernelEdit a number
 *   for a dense layer
 * @typedef {ScaleEdit | SwapEdit | KernelEdit} Edit
 */

/**
 * Changes as the address bears them, such as "scale~conv1~5~2!swap~conv1~0~1!kernel~conv1~3~0~0,1;1,0!weight~dense~1~4~0.5".
 *
 * @type {import("./address_table.js").Codec<Edit[]>}
 */
export const editCodec = {
  parse(text) {
    const edits = text.split("!").map(parse);
    return edits.includes(undefined) ? undefined : /** @type {Edit[]} */ (edits);
  },
  format: (edits) => edits.map(format).join("!"),
  wanted: { code: "own" },
};

/** @param {string} text @returns {Edit | undefined} */
function parse(text) {
  const [kind, layer, one, two, values = "0"] = text.split("~");
  const [first, second] = [one, two].map((part) => (part ? Number(part) : NaN));
  const rows = values.split(";").map((row) => row.split(",").map(Number));
  if (!layer || ![first, second, ...rows.flat()].every(Number.isFinite)) return undefined;
  if (kind === "scale") return { edit: kind, layer, channels: [first], factor: second };
  if (kind === "swap") return { edit: kind, layer, channels: [first, second] };
  if (kind === "kernel") return { edit: kind, layer, output: first, input: second, values: rows };
  return kind === "weight" ? { edit: "kernel", layer, output: first, input: second, values: rows[0][0] } : undefined;
}

/** @param {Edit} edit */
function format(edit) {
  const { layer } = edit;
  if (edit.edit === "scale") return `scale~${layer}~${edit.channels[0]}~${exact(edit.factor)}`;
  if (edit.edit === "swap") return `swap~${layer}~${edit.channels.join("~")}`;
  const { output, input, values } = edit;
  if (typeof values === "number") return `weight~${layer}~${output}~${input}~${exact(values)}`;
  return `kernel~${layer}~${output}~${input}~${values.map((row) => row.map(exact).join(",")).join(";")}`;
}

/** Nine digits tell every float32 from its neighbours. @param {number} value */
const exact = (value) => String(Number(value.toPrecision(9)));
