import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { valueRange } from "../shared/colours.js";
import { unitWords } from "../shared/layer_words.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { correlation } from "../shared/statistics.js";
import { subTensor } from "../shared/tensors.js";
import { mapsOf, unitFor } from "../shared/units.js";
import { AROUND, onTheWay, spanAround, targetOf } from "./aim.js";
import { progressOf } from "./progress.js";
import { fetchAttribution, address } from "./server.js";
import { BASELINES, METHODS } from "./why_words.js";
import "../shared/ui/lente-class-picker.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("./state.js").Method} Method
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("./server.js").Attribution} Attribution
 * @typedef {{aim: FeaturesState["about"], layer: import("./aim.js").Layer | null, place: import("./aim.js").Place | null, around: number}} About
 */

/** More than these are searched rather than listed. */
const FEW = 20;

/**
 * Which part of the picture speaks for a class. Rendered in the page.
 *
 * @fires choose - part of the page's state
 */
export class LenteFeatureWhy extends LenteElement {
  static properties = {
    state: { attribute: false },
    network: { attribute: false },
    pixels: { attribute: false },
    classes: { attribute: false },
    layer: { attribute: false },
    place: { attribute: false },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** @type {import("./server.js").Network | null} */ this.network = null;
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.pixels = null;
    /** The likeliest, or every one. @type {import("./server.js").ClassShare[]} */ this.classes = [];
    /** The layer that is looked at, and the pinned place in it. @type {import("./aim.js").Layer | null} */ this.layer =
      null;
    /** @type {import("./aim.js").Place | null} */ this.place = null;
    /** @type {LongAnswer<Attribution, About>} */ this.trained = new LongAnswer(this);
    /** @type {LongAnswer<Attribution, About>} */ this.random = new LongAnswer(this);
    this.near = new Near(this);
  }

  get method() {
    return METHODS.find(({ name }) => name === this.state?.method) ?? METHODS[0];
  }

  /** Side of the square of occlusion, in pixels of what the network is given. */
  get side() {
    return this.state?.window ?? Math.floor(Math.min(...(this.network?.input.slice(-2) ?? [7])) / 7);
  }

  /** What is asked about; of a network that names no classes the map. */
  get aim() {
    const { about = "" } = this.state ?? {};
    if (about === "square" && !this.flat) return "unit";
    return about || this.network?.classes ? about : "map";
  }

  /** What is asked of the server. @param {FeaturesState} state */
  pathOf(state) {
    const { name } = this.method;
    /** @type {Record<string, string>} */
    const query = { method: name };
    if (this.aim && this.layer && this.place) query.target = targetOf(this.layer, this.place, this.aim, state.around);
    else if (state.target !== null) query.class = String(state.target);
    if (name === "grad_cam" && this.layers.includes(state.camlayer)) query.layer = state.camlayer;
    if (name === "integrated_gradients" || name === "occlusion") query.baseline = state.baseline;
    if (name === "occlusion") query.window = String(this.side);
    return address(state, "attribution", query);
  }

  updated() {
    const { state, trained, random } = this;
    if (!state || !this.network || !this.pixels || !this.near.here) return;
    if (this.groundless && trained.key) trained.clear();
    if (this.groundless || (this.aim && !(this.layer && this.place))) return;
    const path = this.pathOf(state);
    if (path !== trained.key) this.ask(trained, path);
    if (!state.random && random.key) random.clear();
    if (!state.random || trained.state !== "done" || !trained.result) return;
    const same = `${path}&randomise=true${state.target === null && !this.aim ? `&class=${trained.result.facts.class}` : ""}`;
    if (same !== random.key) this.ask(random, same);
  }

  /** @param {LongAnswer<Attribution, About>} answer @param {string} path */
  ask(answer, path) {
    const { aim, layer, place, state } = this;
    const { long } = this.method;
    const about = { aim, layer, place, around: state?.around ?? 1 };
    answer.ask(path, (onStep, signal) => fetchAttribution(path, long, onStep, signal), about);
  }

  render() {
    const { state, trained, random } = this;
    if (!state) return nothing;
    return html`<div class="row why-ask" data-hideable="why-controls">
        <div class="segments" role="group" aria-label=${t("Method")}>
          ${METHODS.map(({ name, title }) => html`<button type="button" data-method=${name} aria-pressed=${name === this.method.name} @click=${() => this.choose({ method: name })}>${t(title)}</button>`)}
        </div>
        ${this.about()}${this.aim === "square" ? this.around(state) : nothing}${this.aim ? nothing : this.target(state)}${this.options(state)}
      </div>
      <div class="study-beside">
        <div class="why-pictures" data-count=${state.random ? 2 : 1}>
          ${this.picture(trained, state.random ? t("With the weights it has learnt") : "")}${state.random ? this.picture(random, t("With random weights")) : nothing}
        </div>
        <div class="stack">
          <p>${t(this.method.says)}</p>
          <p class="why-says" data-result tabindex="-1">${this.says()}</p>
          ${progressOf(trained, () => this.ask(trained, trained.key))}${trained.state === "done" ? progressOf(random, () => this.ask(random, random.key)) : nothing}
          <label
            ><input
              type="checkbox"
              data-field="random"
              .checked=${state.random}
              @change=${() => this.choose({ random: !state.random })}
            />${t("Random weights, as a check")}</label
          >
          ${state.random ? html`<p class="small why-check">${this.check()}</p>` : nothing}
        </div>
      </div>`;
  }

  /** @param {LongAnswer<Attribution, About>} answer @param {string} title */
  picture(answer, title) {
    const tensor = answer.result?.tensor ?? null;
    const { low, high } = tensor ? valueRange(tensor.data) : { low: 0, high: 1 };
    const grey = this.pixels?.shape[0] === 1;
    const picture = this.pixels && grey ? subTensor(this.pixels, [0]) : this.pixels;
    return html`<figure>
      ${title ? html`<figcaption>${title}</figcaption>` : nothing}
      <div class="photo why-photo" aria-busy=${answer.state === "busy"}>
        <lente-map
          .tensor=${picture}
          map=${grey ? "grey" : "auto"}
          still
          label=${t("What the network sees of the picture")}
        ></lente-map>
        ${tensor ? html`<lente-map class="why-map" .tensor=${tensor} .range=${{ low, high }} still label=${t(this.method.title)}></lente-map>` : nothing}
      </div>
      <div class="why-legend">${tensor ? html`<lente-legend .low=${low} .high=${high}></lente-legend>` : nothing}</div>
    </figure>`;
  }

  /** The class, the chosen map, or its pinned number. */
  about() {
    const { layer, place } = this;
    const map = { map: place?.channel ?? 0, layer: layer?.name ?? "" };
    const where = { row: place?.row ?? 0, column: place?.column ?? 0 };
    /** @type {[string, string][]} */
    const choices = [
      ["map", t("map {map} of {layer}, all of it", map)],
      ["unit", t("its number in row {row}, column {column}", where)],
    ];
    if (this.flat) choices.push(["square", t("a square around that number")]);
    if (this.network?.classes) choices.unshift(["", t("the class")]);
    return this.select("about", t("Asked about"), choices, this.aim);
  }

  /** @param {FeaturesState} state */
  target(state) {
    const first = this.classes[0]?.name ?? "";
    const known = this.network?.classes ?? 0;
    if (known > FEW)
      return html`<lente-class-picker
        .classes=${this.classes}
        ?partial=${this.classes.length < known}
        .chosen=${state.target}
        none=${t("the most likely: {name}", { name: first })}
        label=${t("Class")}
        @class=${(/** @type {CustomEvent<number | null>} */ { detail }) => this.choose({ target: detail })}
      ></lente-class-picker>`;
    return html`<label
      >${t("Class")}<select
        data-field="class"
        @change=${(/** @type {Event} */ event) => this.choose({ target: numberOf(event) })}
      >
        <option value="" ?selected=${state.target === null}>${t("the most likely: {name}", { name: first })}</option>
        ${this.classes.map(({ index, name, probability }) => html`<option value=${index} ?selected=${index === state.target}>${name}, ${formatPercent(probability)}</option>`)}
      </select></label
    >`;
  }

  /** What belongs to the method alone. @param {FeaturesState} state */
  options(state) {
    const { name } = this.method;
    if (name === "saliency") return nothing;
    if (name === "grad_cam")
      return this.select(
        "camlayer",
        t("Layer"),
        [
          ["", t("the last with maps")],
          ...this.layers.map((layer) => /** @type {[string, string]} */ ([layer, layer])),
        ],
        this.layers.includes(state.camlayer) ? state.camlayer : "",
      );
    const label = name === "occlusion" ? t("Covered with") : t("Coming from");
    const choices = Object.entries(BASELINES).map(
      ([baseline, { title }]) => /** @type {[string, string]} */ ([baseline, t(title)]),
    );
    return html`${this.select("baseline", label, choices, state.baseline)}${name === "occlusion" ? this.squares() : nothing}`;
  }

  /** Rows and columns of a map of the layer, in which a square can be asked about; 1 where the layer has none. */
  get sides() {
    return this.layer && this.layer.shape.length > 2 ? mapsOf(this.layer) : { rows: 1, columns: 1 };
  }

  /** Whether the layer has maps with more than one place. */
  get flat() {
    return Math.max(this.sides.rows, this.sides.columns) > 1;
  }

  /** @param {FeaturesState} state */
  around(state) {
    const { rows, columns } = this.sides;
    const sides = AROUND.filter((side) => side < Math.max(rows, columns) || side === state.around);
    return html`<label
      >${t("Its side")}<select
        data-field="around"
        @change=${(/** @type {Event} */ event) => this.choose({ around: Number(numberOf(event)) })}
      >
        ${sides.map((side) => html`<option value=${side} ?selected=${side === state.around}>${t("{side} × {side} numbers", { side })}</option>`)}
      </select></label
    >`;
  }

  squares() {
    const whole = Math.min(...(this.network?.input.slice(-2) ?? [1]));
    const sides = [...new Set([...[4, 7, 14].map((part) => Math.floor(whole / part)), this.side])].sort(
      (a, b) => b - a,
    );
    return html`<label
      >${t("Square")}<select
        data-field="window"
        @change=${(/** @type {Event} */ event) => this.choose({ window: numberOf(event) })}
      >
        ${sides.map((side) => html`<option value=${side} ?selected=${side === this.side}>${t("{side} × {side} pixels", { side })}</option>`)}
      </select></label
    >`;
  }

  /** @param {"camlayer" | "baseline" | "about"} field @param {string} label @param {[string, string][]} choices @param {string} chosen */
  select(field, label, choices, chosen) {
    return html`<label
      >${label}<select
        data-field=${field}
        @change=${(/** @type {Event} */ event) => this.choose({ [field]: /** @type {HTMLSelectElement} */ (event.target).value })}
      >
        ${choices.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
      </select></label
    >`;
  }

  /** Layers of maps that Grad-CAM can look at: on the way to what is asked about. */
  get layers() {
    const layers = this.network?.layers ?? [];
    const way = this.aim && this.layer ? onTheWay(layers, this.layer.name) : null;
    return layers
      .filter(({ layout, reachable, shape }) => reachable && layout !== "Z" && shape.length === 3)
      .map(({ name }) => name)
      .filter((name) => !way || way.has(name));
  }

  /** Whether Grad-CAM is asked for where it has nothing to look at. */
  get groundless() {
    return this.method.name === "grad_cam" && this.aim !== "" && !this.layers.length;
  }

  says() {
    if (this.groundless)
      return t("Grad-CAM looks at a layer on the way to what is asked about. Here there is none: ask in another way.");
    const { result, about } = this.trained;
    const { facts } = result ?? {};
    if (!facts || !about) return this.trained.state === "busy" ? t("Working…") : "";
    const still = result?.tensor.data.every((value) => value === 0);
    if (still) return html`${sumOf(about, facts.logit)} ${t("No pixel moves it, not even a little.")}`;
    const score = about.aim ? sumOf(about, facts.logit) : this.scoreOf(facts.class, facts.logit);
    if (facts.convergence_delta === undefined)
      return facts.layer ? html`${score} <span class="figures">${facts.layer}</span>` : score;
    const wanted = formatNumber(facts.logit - facts.baseline_logit, 3);
    const picture = t(BASELINES[/** @type {import("./state.js").Baseline} */ (facts.baseline)].picture);
    const parts = t("The parts add up to {sum}; the score less that of {picture} is {wanted}.", {
      sum: formatNumber(facts.sum, 3),
      picture,
      wanted,
    });
    const delta = t("Convergence delta: {delta}, what {steps} steps leave over.", {
      delta: formatNumber(facts.convergence_delta, 4),
      steps: facts.steps,
    });
    return html`${score} ${parts} <span data-delta=${facts.convergence_delta}>${delta}</span>`;
  }

  /** @param {number} chosen @param {number} logit */
  scoreOf(chosen, logit) {
    const name = this.classes.find(({ index }) => index === chosen)?.name ?? String(chosen);
    return t("For {name}, whose score is {logit}.", { name, logit: formatNumber(logit, 3) });
  }

  /** What random weights tell of the method. */
  check() {
    const words = t(
      "With random weights the network knows nothing, so the map should be another. Where it stays the same, it shows the picture and not what was learnt.",
    );
    const [trained, random] = [this.trained.result?.tensor, this.random.result?.tensor];
    if (!trained || !random || this.random.state !== "done" || trained.data.length !== random.data.length) return words;
    const value = formatNumber(correlation(trained.data, random.data), 2);
    return html`${words}
      <b data-correlation=${value}>${t("Here their correlation is {value}; 1 would be the same map.", { value })}</b>`;
  }

  /** @param {Partial<FeaturesState>} detail */
  choose(detail) {
    this.emit("choose", detail);
  }
}

/** What was asked about and its score, in words. @param {About} about @param {number} value */
function sumOf(about, value) {
  const { layer, place, aim } = about;
  if (!layer || !place) return "";
  const words = { layer: layer.name, map: place.channel, value: formatNumber(value, 3) };
  if (aim === "map") return t("For map {map} of {layer}, whose numbers add up to {value}.", words);
  if (aim === "square") return sumOfSquare(words, layer, place, about.around);
  return t("For {unit}: {value}.", { unit: unitWords(layer.name, unitFor(place, layer)), value: words.value });
}

/**
 * @param {Record<string, string | number>} words
 * @param {import("./aim.js").Layer} layer
 * @param {import("./aim.js").Place} place
 * @param {number} around
 */
function sumOfSquare(words, layer, { row, column }, around) {
  const { rows, columns } = mapsOf(layer);
  const [down, across] = [spanAround(row, around, rows), spanAround(column, around, columns)];
  const where = { first: down[0], last: down[1] - 1, left: across[0], right: across[1] - 1 };
  return t(
    "For map {map} of {layer}, rows {first} to {last} and columns {left} to {right}, whose numbers add up to {value}.",
    { ...words, ...where },
  );
}

/** @param {Event} event */
function numberOf(event) {
  const { value } = /** @type {HTMLSelectElement} */ (event.target);
  return value === "" ? null : Number(value);
}

customElements.define("lente-feature-why", LenteFeatureWhy);
