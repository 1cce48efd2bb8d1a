import { fetchTensors } from "../shared/server/api.js";
import { askLive } from "../shared/server/live_channel.js";

const PIXELS = 784;
const MOST_AT_ONCE = 256;
const MOST_KEPT = 8192;

/**
 * A decoder for where the browser has no weights: it answers at once with what it knows, asks the server for the rest,
 * and says `decoded` on the window when more is known and the picture can be drawn again.
 *
 * @param {string} model
 * @param {number} classes that the network is given; 0 for most
 * @returns {(z: ArrayLike<number>, label?: number) => Float32Array<ArrayBuffer>} the newest picture for a code not known yet
 */
export function serverDecoder(model, classes) {
  /** @type {Map<string, Float32Array<ArrayBuffer>>} */
  const known = new Map();
  /** @type {Map<string, {z: number[], label: number}>} */
  const wanted = new Map();
  let newest = new Float32Array(PIXELS);
  let busy = false;

  async function drain() {
    if (busy) return;
    busy = true;
    await Promise.resolve(); // all codes of one drawing go together
    while (wanted.size) await ask([...wanted].slice(0, MOST_AT_ONCE));
    busy = false;
  }

  /** @param {[string, {z: number[], label: number}][]} batch */
  async function ask(batch) {
    for (const [key] of batch) wanted.delete(key);
    const z = batch.map(([, code]) => code.z);
    const labels = classes ? { labels: batch.map(([, code]) => code.label) } : {};
    const overHttp = () => fetchTensors(`/api/latent/${encodeURIComponent(model)}/decode`, { json: { z, ...labels } });
    const tensors = { z: { shape: [z.length, z[0].length], data: Float32Array.from(z.flat()) } };
    const answer = await askLive({ ask: "decode", model, ...labels }, tensors, overHttp).catch(() => null);
    if (!answer) return;
    if (known.size > MOST_KEPT) known.clear();
    const images = Float32Array.from(answer.tensors.images.data);
    batch.forEach(([key], i) => known.set(key, (newest = images.slice(PIXELS * i, PIXELS * (i + 1)))));
    dispatchEvent(new CustomEvent("decoded"));
  }

  return (z, label = 0) => {
    const key = `${label} ${Array.from(z).join(" ")}`;
    const picture = known.get(key);
    if (picture) return picture;
    wanted.set(key, { z: Array.from(z), label });
    drain();
    return newest;
  };
}
