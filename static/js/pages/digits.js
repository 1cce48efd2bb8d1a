import { centreDigit } from "../lib/centre_digit.js";
import { forward } from "../lib/forward.js";
import { newest } from "../lib/newest.js";
import { sampleDigit } from "../lib/sample_digit.js";
import { unitIndex } from "../lib/unit_index.js";
import { fetchDigitNetwork, readDrawing } from "../services/digit_network.js";
import { t } from "../services/i18n.js";
import { readUrl, writeUrl } from "../services/url_state.js";
import "../elements/lente-answer.js";
import "../elements/lente-drawing.js";
import "../elements/lente-map.js";
import "../elements/lente-network-2d.js";

/**
 * @template {Element} T
 * @param {string} selector
 */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const pad = /** @type {import("../elements/lente-drawing.js").LenteDrawing} */ (find("lente-drawing"));
const network = /** @type {import("../elements/lente-network-2d.js").LenteNetwork2d} */ (find("lente-network-2d"));
const answer = /** @type {import("../elements/lente-answer.js").LenteAnswer} */ (find("lente-answer"));
const raw = /** @type {import("../elements/lente-map.js").LenteMap} */ (find("#raw"));
const centred = /** @type {import("../elements/lente-map.js").LenteMap} */ (find("#centred"));
const centring = /** @type {HTMLInputElement} */ (find("#centring"));
const temperature = /** @type {HTMLInputElement} */ (find("#temperature"));
const check = /** @type {HTMLElement} */ (find("#check"));

const url = readUrl();
/** @type {Awaited<ReturnType<typeof fetchDigitNetwork>> | null} */
let net = null;
let asked = 0;
centring.checked = url.centre ?? true;

/** What is on the pad, read again before the next frame; many calls within a frame are one. */
function soon() {
  asked ||= requestAnimationFrame(() => {
    asked = 0;
    read();
  });
}

function read() {
  const placed = centreDigit(pad.values, pad.side);
  const empty = new Float32Array(28 * 28);
  const tensor = (/** @type {Float32Array} */ data) => ({ shape: [28, 28], data });
  raw.tensor = tensor(placed?.raw ?? empty);
  centred.tensor = tensor(placed?.centred ?? empty);
  const data = placed ? (centring.checked ? placed.centred : placed.raw) : empty;
  mark(raw, !centring.checked);
  mark(centred, centring.checked);
  if (!net) return;
  network.activations = forward(net.layers, net.weights, { shape: [1, 28, 28], data });
  answer.scores = placed ? network.activations.dense2.data : null;
  compareSoon();
}

/** @param {Element} map @param {boolean} used whether it is the one that the network sees */
function mark(map, used) {
  map.closest("figure")?.setAttribute("data-used", String(used));
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
function compareSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => compare(network.activations), 250);
}

/** The server runs the same drawing through PyTorch, and the two are compared value by value. */
const compare = newest(
  async (own) => ({ own, theirs: pad.empty ? null : await readDrawing(pad.values, centring.checked) }),
  ({ own, theirs }) => {
    if (!theirs || !own || own !== network.activations) return;
    let count = 0;
    let largest = 0;
    for (const [name, { data }] of Object.entries(own)) {
      count += data.length;
      for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i] - theirs[name].data[i]));
    }
    check.textContent = t("Checked against PyTorch on the server: {count} values, largest difference {largest}.", { count, largest: largest.toExponential(0) });
  },
  () => {},
);

pad.addEventListener("draw", soon);
centring.addEventListener("change", () => {
  writeUrl({ centre: centring.checked ? undefined : false });
  read();
});
temperature.addEventListener("input", () => {
  answer.temperature = 10 ** Number(temperature.value);
  find("#temperature-value").textContent = answer.temperature.toFixed(2);
});
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-sample]"))) {
  button.addEventListener("click", () => pad.load({ strokes: sampleDigit(Number(button.dataset.sample)) }));
}
network.addEventListener("unit-pin", (event) => {
  const { layer, unit } = /** @type {CustomEvent<{layer: string, unit: number[]}>} */ (event).detail;
  const shape = network.shapes.find(({ name }) => name === layer)?.shape ?? [];
  network.selected = { layer, index: unitIndex(shape, unit) };
  writeUrl({ layer, unit });
});

for (const map of [raw, centred]) map.range = { low: 0, high: 1 };
pad.load({ strokes: sampleDigit(url.digit ?? 3) });
net = await fetchDigitNetwork();
network.layers = net.layers;
network.weights = net.weights;
read();
