// A page that drags: the page's own live channel (static/js/shared/server/live_channel.js) outside a browser.
//   node drag.mjs ORIGIN HERTZ      ends when its input does, and prints what happened as JSON
import { registerHooks } from "node:module";

const [origin, hertz] = [process.argv[2], Number(process.argv[3])];
const server = new URL("../../static/js/shared/server/", import.meta.url);
const nothing = "data:text/javascript,export default {}";
registerHooks({
  resolve: (name, context, next) => (name === "messages" ? { url: nothing, shortCircuit: true } : next(name, context)),
});

const told = {
  asked: 0,
  answered: 0,
  overtaken: 0,
  retried: 0,
  overHttp: 0,
  refused: 0,
  longestSilence: 0,
  lost: [],
  lastAnswered: 0,
};
const overTheNet = globalThis.fetch;
globalThis.location = /** @type {any} */ ({ origin });
globalThis.document = /** @type {any} */ ({
  documentElement: { lang: "en" },
  dispatchEvent: () => true,
  addEventListener: () => {},
});
globalThis.dispatchEvent = () => true;
globalThis.addEventListener = () => {};
globalThis.fetch = async (path, options) => {
  const answer = await overTheNet(new URL(/** @type {string} */ (path), origin), options);
  if (answer.status === 503) told.refused++;
  return answer;
};

const { askLive } = await import(new URL("live_channel.js", server).href);
const { fetchTensors } = await import(new URL("api.js", server).href);

let lastHeard = performance.now();
/** @type {Promise<void>[]} */
const open = [];

/** @param {number} step */
async function move(step) {
  const z = Float32Array.of(Math.sin(step / 20), Math.cos(step / 30));
  let atOnce = true;
  const overHttp = () => {
    if (atOnce) told.overHttp++;
    else told.retried++;
    const headers = { "Content-Type": "application/octet-stream" };
    return fetchTensors("/api/latent/vae_2d/decode", { method: "POST", body: z, headers });
  };
  try {
    told.asked++;
    const asked = askLive(
      { ask: "decode", model: "vae_2d", stream: "hand" },
      { z: { shape: [1, 2], data: z } },
      overHttp,
    );
    atOnce = false;
    const { tensors } = await asked;
    if (tensors.images.shape.join() !== "1,1,28,28") throw new Error(`answered ${tensors.images.shape}`);
    told.answered++;
    told.lastAnswered = Math.max(told.lastAnswered, step);
    told.longestSilence = Math.max(told.longestSilence, performance.now() - lastHeard);
    lastHeard = performance.now();
  } catch (error) {
    if (error.name === "AbortError") told.overtaken++;
    else told.lost.push(`${error.name} ${error.status ?? ""}: ${error.message}`);
  }
}

let step = 0;
const hand = setInterval(() => open.push(move(++step)), 1000 / hertz);
process.stdin.resume();
process.stdin.on("end", async () => {
  clearInterval(hand);
  await Promise.all(open);
  process.stdout.write(JSON.stringify({ ...told, last: step }), () => process.exit(0));
});
