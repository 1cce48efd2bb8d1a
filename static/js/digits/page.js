import { bringBelow } from "../frame/calm.js";
import { onWindow, tellWindow } from "../frame/events.js";
import { sayInstead } from "../frame/element.js";
import { accepting, numberFrom, oneOf, wholeFrom } from "../frame/accepted.js";
import { tellAllTaken } from "../frame/addressed.js";
import { hideControls, readUrl, writeUrl } from "../frame/address.js";
import { N_, t, withColon } from "../frame/i18n.js";
import { valueRange } from "../shared/colours.js";
import { unitWords } from "../shared/layer_words.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { resample } from "../shared/resample.js";
import { difference } from "../shared/statistics.js";
import { unitIndex } from "../shared/units.js";
import { checkedBefore, rememberChecked } from "./checked.js";
import { showInSpace } from "./in_space.js";
import { sampleDigit } from "./samples.js";
import { decodeDigit, readDrawing } from "./server.js";
import { DigitSession, WEIGHTED } from "./session.js";
import "./lente-answer.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";
import "./flat/lente-network-2d.js";

/** @typedef {{layer: string, unit: number[]}} UnitName */

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);
/** @param {string} selector @returns {HTMLButtonElement[]} */
const all = (selector) =>
  [...document.querySelectorAll(selector)].map((element) => /** @type {HTMLButtonElement} */ (element));

const pad = /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing} */ (find("lente-drawing"));
const network = /** @type {import("./flat/lente-network-2d.js").LenteNetwork2d} */ (find("lente-network-2d"));
const answer = /** @type {import("./lente-answer.js").LenteAnswer} */ (find("lente-answer"));
const explanation = /** @type {import("./lente-explanation.js").LenteExplanation} */ (find("lente-explanation"));
const confusion = /** @type {import("./lente-confusion.js").LenteConfusion} */ (find("lente-confusion"));
const legend = /** @type {import("../shared/ui/lente-legend.js").LenteLegend} */ (find("#legend"));
const maps = { raw: find("#raw"), centred: find("#centred") };
const centring = /** @type {HTMLInputElement} */ (find("#centring"));
const check = /** @type {HTMLElement} */ (find("#check"));

const LEARNT = N_("This is the network of your run, with the weights that it had when the page was opened.");

/** @param {string} name such as "conv1~3" */
const isUnit = (name) => new RegExp(`^(${WEIGHTED.join("|")})~\\d+$`).test(name);
const ACCEPTS = {
  digit: wholeFrom(0, 9),
  temperature: numberFrom(-1, 1),
  lines: oneOf(["contribution", "weight"]),
  view: oneOf(["2d", "3d"]),
  muted: accepting((names) => names.every(isUnit), "own"),
  changes: accepting((changes) => Object.keys(changes).every((name) => WEIGHTED.includes(name)), "own"),
};

hideControls();
tellAllTaken(ACCEPTS);
const session = new DigitSession();
session.learnt = find("lente-mistakes").run = readUrl().run ?? "";

session.addEventListener("read", () => {
  const empty = new Float32Array(28 * 28);
  for (const name of /** @type {const} */ (["raw", "centred"])) {
    maps[name].tensor = { shape: [28, 28], data: session.placed?.[name] ?? empty };
    maps[name].closest("figure").dataset.used = String((name === "centred") === session.centre);
  }
  for (const element of [network, explanation]) {
    element.weights = session.weights;
    element.activations = session.activations;
  }
  explanation.silenced = session.silenced;
  answer.waiting = !session.activations;
  answer.scores = session.scores;
  answer.judged = session.reading?.judged ?? null;
  paintLegend();
  check.textContent = session.edited ? t("Some weights are your own now.") : session.learnt ? t(LEARNT) : "";
  clearTimeout(timer);
  timer = setTimeout(() => compare(session.activations), 250);
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** The server runs the same drawing through PyTorch, and the two are compared value by value. */
const compare = newest(
  async (own) => {
    if (session.edited || session.learnt || !session.placed || !own) return { own, found: null };
    const before = checkedBefore(own);
    const found = before ?? difference(own, await readDrawing(session.drawing, session.centre));
    return { own, found };
  },
  ({ own, found }) => {
    if (!found || !own || own !== session.activations) return;
    const { count, largest } = found;
    rememberChecked(own, found);
    check.textContent = t("Checked against PyTorch on the server: {count} values, largest difference {largest}.", {
      count,
      largest: largest.toExponential(0).replace("-", "−"),
    });
  },
  () => (check.textContent = ""),
);

/** Whether the pad has just been given what was drawn on the other one, further down. */
let following = false;
pad.addEventListener("draw", (event) => {
  session.drawing = pad.values;
  session.soon();
  if (/** @type {CustomEvent} */ (event).detail.own) writeUrl({ digit: undefined });
  if (!following) confusion.drawing = { strokes: pad.strokes, ground: pad.ground };
});
confusion.addEventListener("redraw", (event) => {
  following = true;
  pad.load(/** @type {CustomEvent<any>} */ (event).detail);
  following = false;
  writeUrl({ digit: undefined });
});
centring.addEventListener("change", () => {
  session.centre = centring.checked;
  writeUrl({ centre: centring.checked ? undefined : false });
  session.read();
});
/** @param {number} power of ten */
function heat(power) {
  answer.temperature = 10 ** power;
  find("#temperature").value = String(power);
  find("#temperature-value").textContent = formatNumber(answer.temperature, 2);
}
find("#temperature").addEventListener("input", (/** @type {Event} */ event) => {
  const power = Number(/** @type {HTMLInputElement} */ (event.target).value);
  heat(power);
  writeUrl({ temperature: power || undefined });
});
for (const button of all("[data-sample]")) {
  button.addEventListener("click", () => {
    pad.load({ strokes: sampleDigit(Number(button.dataset.sample)) });
    writeUrl({ digit: Number(button.dataset.sample), drawing: undefined });
  });
}
/** A picture takes the place of what was drawn. @param {Float32Array<ArrayBuffer>} ground */
function put(ground) {
  pad.load({ ground });
  pad.keep();
  writeUrl({ digit: undefined }, []);
}
find("#imagined").addEventListener("click", async () => {
  const z = [0, 1].map(() => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
  const fault = find("#unimagined");
  try {
    const data = Float32Array.from(await decodeDigit(z));
    put(resample({ shape: [28, 28], data }, 0, 0, 0.25, pad.side));
    fault.hidden = true;
  } catch (error) {
    fault.textContent = /** @type {Error} */ (error).message;
    fault.hidden = false;
  }
});
find("lente-mistakes").addEventListener("digit-pick", (/** @type {CustomEvent<Float32Array>} */ event) => {
  const ground = new Float32Array(pad.side ** 2);
  for (let i = 0; i < ground.length; i++)
    ground[i] = event.detail[Math.floor(i / (4 * pad.side)) * 28 + Math.floor((i % pad.side) / 4)];
  centring.checked = session.centre = false;
  writeUrl({ centre: false });
  put(ground);
  pad.scrollIntoView({ block: "center", behavior: "smooth" });
});
find("lente-paper").addEventListener(
  "digit-found",
  (/** @type {CustomEvent<import("../shared/safetensors.js").Tensor>} */ event) => {
    const { shape, data } = event.detail;
    const scale = Math.max(...shape) / pad.side;
    const [top, left] = shape.map((side) => (side - pad.side * scale) / 2);
    put(resample({ shape, data }, top, left, scale, pad.side));
  },
);

/** @param {UnitName} place @returns {boolean} whether there is such a unit */
function pin({ layer, unit }) {
  const shape = network.shapes.find(({ name }) => name === layer)?.shape;
  if (!shape || unit.length !== shape.length || unit.some((at, dimension) => at < 0 || at >= shape[dimension]))
    return false;
  network.selected = explanation.selected = { layer, index: unitIndex(shape, unit) };
  tellWindow("digit-pinned", { layer, unit });
  paintLegend();
  return true;
}

/** The colours of the layer that is being touched, or else of the pinned one. */
function paintLegend() {
  const layer = network.touched?.layer ?? network.selected?.layer;
  const values = layer && network.activations?.[layer]?.data;
  if (!layer || !values) return;
  const { low, high } = layer === "input" ? { low: 0, high: 1 } : valueRange(values);
  Object.assign(legend, { low, high, map: layer === "input" ? "grey" : "auto" });
  find("#legend-layer").textContent = layer === "input" ? t("input") : layer;
}

/** @param {Event} event */
function onPin(event) {
  const place = /** @type {CustomEvent<UnitName | null>} */ (event).detail;
  if (!place) return;
  if (event.currentTarget !== explanation) explanation.trail = [];
  pin(place);
  find("#stray").hidden = true;
  writeUrl({ layer: place.layer, unit: place.unit }, []);
}

/** @param {Event} event */
function onHover(event) {
  const place = /** @type {CustomEvent<UnitName | null>} */ (event).detail;
  const tensor = place && network.activations?.[place.layer];
  const value = document.createElement("strong");
  value.textContent = tensor ? formatNumber(tensor.data[unitIndex(tensor.shape, place.unit)], 4) : "";
  find("#readout").replaceChildren(...(tensor ? [`${withColon(unitWords(place.layer, place.unit))} `, value] : []));
  answer.touched = place && (place.layer === "softmax" || place.layer === "dense2") ? place.unit[0] : null;
  paintLegend();
}

network.addEventListener("unit-pin", onPin);
explanation.addEventListener("unit-pin", onPin);
network.addEventListener("unit-hover", onHover);
explanation.addEventListener("unit-touch", (event) => {
  network.touched = /** @type {CustomEvent<any>} */ (event).detail;
  onHover(event);
});
answer.addEventListener("digit-touch", (event) => {
  const digit = /** @type {CustomEvent<number | null>} */ (event).detail;
  network.touched = digit === null ? null : { layer: "softmax", index: digit };
});

/** @param {string} [by] */
function colour(by = "contribution") {
  network.colouring = by === "weight" ? "weight" : "contribution";
  for (const button of all("[data-colouring]"))
    button.setAttribute("aria-pressed", String(button.dataset.colouring === network.colouring));
}
for (const button of all("[data-colouring]")) {
  button.addEventListener("click", () => {
    colour(button.dataset.colouring);
    writeUrl({ lines: network.colouring === "contribution" ? undefined : network.colouring });
  });
}
for (const button of all("[data-zoom]"))
  button.addEventListener("click", () => network.zoomBy(Number(button.dataset.zoom)));

for (const map of Object.values(maps)) map.range = { low: 0, high: 1 };
session.addEventListener("weights", () => {
  const muted = session.muted;
  const changes = session.changes;
  writeUrl({ muted: muted.length ? muted : undefined, changes });
});
const BELOW = [
  () => import("./lente-explanation.js"),
  () => import("./lente-weights.js"),
  () => import("./lente-shift.js"),
  () => import("./lente-confusion.js"),
  () => import("./lente-ascent.js"),
  () => import("./lente-mistakes.js"),
  () => import("./lente-paper.js"),
];
/** What stands on the network. */
const STANDING = [
  "lente-network-2d",
  "lente-answer",
  "lente-explanation",
  "lente-weights",
  "lente-shift",
  "lente-confusion",
  "lente-ascent",
];

await pad.updateComplete;
show(readUrl());
const begun = session.load().then(begin, (/** @type {Error} */ { message }) => {
  for (const name of STANDING) sayInstead(find(name), message);
});
bringBelow(BELOW, begun);

function begin() {
  network.layers = explanation.layers = session.layers;
  for (const name of ["lente-weights", "lente-shift", "lente-confusion", "lente-ascent", "lente-paper"])
    find(name).session = session;
  const { show: showView } = showInSpace(session, network, onPin, onHover);
  showMore(readUrl(), showView);
  onWindow("returned", () => {
    show(readUrl());
    showMore(readUrl(), showView);
    session.read();
  });
}

/** What the address says of the drawing and of how it is looked at. @param {import("../frame/address.js").UrlState} said */
function show({ digit, centre = true, temperature = 0, lines }) {
  session.centre = centring.checked = centre;
  heat(ACCEPTS.temperature(temperature) ? temperature : 0);
  colour(lines);
  if (!pad.restore()) pad.load({ strokes: sampleDigit(digit !== undefined && ACCEPTS.digit(digit) ? digit : 3) });
}

/** What it says of the network, once that is here. @param {import("../frame/address.js").UrlState} said @param {(view: string) => void} showView */
function showMore({ layer, unit, view, muted = [], changes = {} }, showView) {
  session.comeBack(changes, muted);
  const first = { layer: "conv2", unit: [3, 4, 5] };
  const isThere = pin({ layer: layer ?? first.layer, unit: unit ?? first.unit });
  if (!isThere) {
    pin(first);
    find("#stray").textContent = t("This network has no unit “{asked}”: {shown} is shown.", {
      asked: [layer ?? first.layer, ...(unit ?? [])].join(", "),
      shown: unitWords(first.layer, first.unit),
    });
  }
  find("#stray").hidden = isThere;
  showView(view === "3d" ? "3d" : "2d");
}
