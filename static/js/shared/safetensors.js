/**
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Float32Array | Uint8Array | Int32Array} data row-major, a view of the file's bytes wherever they are aligned and no halves
 */

/**
 * @typedef {object} SafetensorsFile
 * @property {Record<string, Tensor>} tensors
 * @property {Record<string, any>} facts what the server sent beside the tensors
 */

const VIEWS = { F32: Float32Array, F16: Uint16Array, U8: Uint8Array, I32: Int32Array };

/**
 * Reads a safetensors file: eight bytes with the header's length, a JSON header, the tensors' bytes.
 *
 * @param {ArrayBuffer} buffer
 * @returns {SafetensorsFile}
 * @throws {RangeError} when the file is cut short or holds a type that is not read here
 */
export function safetensors(buffer) {
  if (buffer.byteLength < 8)
    throw new RangeError(`a safetensors file has at least 8 bytes, this one has ${buffer.byteLength}`);
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const start = 8 + length;
  if (start > buffer.byteLength)
    throw new RangeError(`the header says ${length} bytes, the file has ${buffer.byteLength}`);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const { __metadata__: metadata = {}, ...entries } = header;
  /** @type {Record<string, Tensor>} */
  const tensors = {};
  for (const [name, entry] of Object.entries(entries)) tensors[name] = view(buffer, start, name, entry);
  return { tensors, facts: metadata.json ? JSON.parse(metadata.json) : {} };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {string} name
 * @param {{dtype: string, shape: number[], data_offsets: [number, number]}} entry
 * @returns {Tensor}
 */
function view(buffer, start, name, { dtype, shape, data_offsets: [from, to] }) {
  const View = VIEWS[/** @type {keyof typeof VIEWS} */ (dtype)];
  if (!View) throw new RangeError(`tensor ${name} is of type ${dtype}; read are ${Object.keys(VIEWS).join(", ")}`);
  if (start + to > buffer.byteLength)
    throw new RangeError(`tensor ${name} ends at ${start + to}, the file at ${buffer.byteLength}`);
  const count = (to - from) / View.BYTES_PER_ELEMENT;
  const aligned = (start + from) % View.BYTES_PER_ELEMENT === 0;
  const data = aligned ? new View(buffer, start + from, count) : new View(buffer.slice(start + from, start + to));
  return { shape, data: data instanceof Uint16Array ? halves(data) : data };
}

/**
 * Numbers of 16 bits (IEEE 754), none of them infinite, as the same numbers of 32: their bits at the places they have there,
 * the exponent less by what its zero differs.
 *
 * @param {Uint16Array} bits
 */
function halves(bits) {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = ((bits[i] & 0x8000) << 16) | ((bits[i] & 0x7fff) << 13);
  const data = new Float32Array(wide.buffer);
  for (let i = 0; i < data.length; i++) data[i] *= 2 ** 112;
  return data;
}

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
