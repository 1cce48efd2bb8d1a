/**
 * A safetensors file: what safetensors() reads.
 *
 * @param {Record<string, {shape: number[], data: Float32Array | Uint8Array}>} tensors
 * @param {Record<string, unknown>} facts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function safetensorsBytes(tensors, facts) {
  /** @type {Record<string, unknown>} */
  const header = { __metadata__: { json: JSON.stringify(facts) } };
  let length = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = {
      dtype: data instanceof Float32Array ? "F32" : "U8",
      shape,
      data_offsets: [length, (length += data.byteLength)],
    };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + 8 * Math.ceil(text.length / 8);
  const file = new Uint8Array(start + length).fill(32, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let at = start;
  for (const { data } of Object.values(tensors)) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
