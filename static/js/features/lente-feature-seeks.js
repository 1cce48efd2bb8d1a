import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchSamples, isUploaded } from "../shared/pictures/pictures.js";
import { LongAnswer } from "../shared/server/long_answer.js";
import { fetchSteps } from "../shared/server/steps.js";
import "../shared/ui/lente-class-picker.js";
import { exactly } from "../shared/ui/exactly.js";
import { progressOf } from "./progress.js";
import { patchesAddress, visualisationAddress } from "./server.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {{picture: string, strongest: number, least: number, mean: number, seed: number, opposite: boolean}} Made
 * @typedef {{image: string, unit: number[], value: number, box: number[], picture: string}} Patch
 * @typedef {{channel: number, value: number}} Neighbour
 * @typedef {{response?: Neighbour[], kernel?: Neighbour[]}} Neighbours by what they are like the map
 */

const SHOWN = 12;

/**
 * What a map looks for: a picture made from noise that moves it most, and where the pictures at hand do. Rendered in the
 * page.
 *
 * @fires choose - part of the page's state
 * @fires carrier - the number of a map
 */
export class LenteFeatureSeeks extends LenteElement {
  static properties = {
    state: { attribute: false },
    layer: { attribute: false },
    channel: { type: Number },
    classes: { attribute: false },
    known: { type: Number },
    layers: { attribute: false },
    seed: { state: true },
    opposite: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** @type {import("./server.js").Layer | null} */ this.layer = null;
    this.channel = 0;
    /** The likeliest, or every one. @type {import("./server.js").ClassShare[]} */ this.classes = [];
    /** How many classes the network knows. */ this.known = 0;
    /** Those of the network. @type {import("./server.js").Layer[]} */ this.layers = [];
    this.seed = 0;
    this.opposite = false;
    this.fault = "";
    /** @type {LongAnswer<Made>} */ this.made = new LongAnswer(this);
    /** @type {LongAnswer<{patches: Patch[], neighbours: Neighbours}>} */ this.patches = new LongAnswer(this);
    /** The visitor's own pictures of this visit. @type {Set<string>} */ this.own = new Set();
    /** Those that come along. @type {string[]} */ this.samples = [];
  }

  connectedCallback() {
    super.connectedCallback();
    fetchSamples().then(
      (samples) => (this.samples = samples.map(({ id }) => id)),
      (error) => (this.fault = error.message),
    );
  }

  /** What is looked for; another one is begun anew. */
  get map() {
    const { state, layer, channel } = this;
    return state && layer ? JSON.stringify([state.network, state.muted, state.edits, layer.name, channel]) : "";
  }

  willUpdate() {
    const { state, made, patches, map } = this;
    if (state && isUploaded(state.image)) this.own.add(state.image);
    if (made.key && !made.key.startsWith(map)) made.clear();
    if (patches.key && !patches.key.startsWith(map)) patches.clear();
  }

  /** @param {{opposite?: boolean, seed?: number}} [change] */
  begin(change = {}) {
    const { state, layer, channel, map } = this;
    if (!state || !layer) return;
    Object.assign(this, change);
    const { seed, opposite } = this;
    const path = visualisationAddress(state, layer.name, channel, seed, opposite);
    this.made.ask(`${map} ${seed} ${opposite}`, (onStep, signal) => fetchSteps(path, onStep, signal));
    if (this.patches.key.startsWith(map) && this.patches.state !== "failed") return;
    const others = [...this.samples, ...this.own];
    const where = patchesAddress(state, layer.name, channel, others);
    this.patches.ask(map, (onStep, signal) => fetchSteps(where, onStep, signal));
  }

  render() {
    const { layer, channel, made, patches } = this;
    if (!layer) return nothing;
    if (!layer.reachable || !["CHW", "HWC", "Z"].includes(layer.layout))
      return html`<p class="small">
        ${t("What a map of {layer} looks for cannot be asked: it is made and read between modules. Choose a layer beside it.", { layer: layer.name })}
      </p>`;
    const named = { map: channel, layer: layer.name };
    const asked = this.named
      ? t("What does the class {name} look for?", { name: this.named })
      : t("What does map {map} of {layer} look for?", named);
    return html`${notice(this.fault)}
      <p>
        ${t("From grey noise, step by step, a picture that moves this map most. It is a dream, not a rule: how strongly the map truly answers to it stands beside the strongest place in real pictures.")}
      </p>
      <div class="row">
        <button type="button" class="primary" data-do="seek" @click=${() => this.begin({ opposite: false })}>
          ${asked}
        </button>
        <button type="button" data-do="opposite" @click=${() => this.begin({ opposite: true })}>
          ${t("The opposite: what silences it?")}
        </button>
        <button
          type="button"
          data-do="seed"
          ?disabled=${made.state === "idle"}
          @click=${() => this.begin({ seed: this.seed + 1 })}
        >
          ${t("From other noise")}
        </button>
        ${this.ofClass()}
        <a data-do="page" href=${this.page}>${t("This map on a page of its own")}</a>
      </div>
      <div class="seeks" data-result tabindex="-1" aria-busy=${made.state === "busy"}>
        <figure class="seeks-dream">${this.dream()}${progressOf(made, () => this.begin())}</figure>
        <div class="stack">
          ${this.compared()}${progressOf(patches, () => this.begin())}
          ${patches.result ? this.strongest(patches.result.patches.slice(0, SHOWN)) : nothing}
          ${patches.result ? this.neighbours(patches.result.neighbours) : nothing}
        </div>
      </div>
      ${exactly(html`<p>${t("Feature visualisation (Olah and others, 2017): Adam climbs the mean of the map, before ReLU cuts it off; the picture is kept as waves in independent colours, and moved and scaled a little before each step.")}</p>`)}`;
  }

  /** The layer that has a score for each class. */
  get scores() {
    const { known } = this;
    return this.layers.findLast(
      ({ shape, operation, reachable }) =>
        shape.length === 1 && shape[0] === known && operation !== "softmax" && reachable,
    );
  }

  /** What the class is called that is looked for; "" for a map. */
  get named() {
    const { layer, scores, channel } = this;
    return layer && layer === scores ? (this.classes.find(({ index }) => index === channel)?.name ?? "") : "";
  }

  /** A class instead of a map. */
  ofClass() {
    const { scores, layer, channel } = this;
    if (!scores) return nothing;
    return html`<lente-class-picker
      .classes=${this.classes}
      ?partial=${this.classes.length < this.known}
      .chosen=${layer === scores ? channel : null}
      label=${t("or a class")}
      field="sought"
      @class=${(/** @type {CustomEvent<number>} */ { detail }) => this.emit("choose", { layer: scores.name, unit: [detail] })}
    ></lente-class-picker>`;
  }

  dream() {
    const { made, seed, opposite } = this;
    const forming = made.state === "busy" ? made.step.seen?.picture : null;
    const shown = forming ? { picture: forming, seed, opposite } : made.result;
    if (!shown) return html`<div class="seeks-empty"></div>`;
    const words = shown.opposite
      ? t("A picture that silences map {map}", { map: this.channel })
      : t("A picture that map {map} looks for", { map: this.channel });
    return html`<img src=${shown.picture} alt=${words} width="256" height="256" />
      <figcaption class="small">${words}. ${t("Seed {seed}.", { seed: shown.seed })}</figcaption>`;
  }

  /** What the dream truly reaches, beside the strongest in any picture at hand. */
  compared() {
    const reached = this.made.state === "done" ? (this.made.result?.strongest ?? null) : null;
    const best = this.patches.result?.patches[0]?.value ?? null;
    if (reached === null || best === null) return nothing;
    const most = Math.max(Math.abs(reached), Math.abs(best)) || 1;
    const bar = (/** @type {string} */ part, /** @type {string} */ words, /** @type {number} */ value) =>
      html`<tr data-part=${part}>
        <th scope="row">${words}</th>
        <td class="reliability-track">
          <div><i style=${styleMap({ width: `${Math.max(0, (100 * value) / most)}%` })}></i></div>
        </td>
        <td>${formatNumber(value, 2)}</td>
      </tr>`;
    return html`<table class="flags">
      <caption>
        ${t("The map's strongest value")}
      </caption>
      <tbody>
        ${bar("dream", t("in the picture made for it"), reached)}${bar("photographs", t("in any picture at hand"), best)}
      </tbody>
    </table>`;
  }

  /** @param {Patch[]} patches */
  strongest(patches) {
    return html`<p class="small">
        ${t("Where it answers most in the pictures at hand, those that come along and yours of this visit, cut to what the unit sees. Choose one to go to its arithmetic.")}
      </p>
      <div class="patches">
        ${patches.map(
          ({ image, unit, value, picture }) =>
            html`<button
              type="button"
              class="patch"
              data-image=${image}
              data-unit=${unit.join(",")}
              @click=${() => this.go(image, unit)}
            >
              <img src=${picture} alt="" /><span class="figures">${formatNumber(value, 2)}</span>
            </button>`,
        )}
      </div>`;
  }

  /** @param {Neighbours} neighbours */
  neighbours({ response, kernel }) {
    const list = (
      /** @type {string} */ kind,
      /** @type {string} */ words,
      /** @type {Neighbour[] | undefined} */ maps,
    ) =>
      maps?.length
        ? html`<p class="neighbours" data-kind=${kind}>
            <span class="small">${words}</span>
            ${maps.map(({ channel, value }) => html`<button type="button" data-neighbour=${channel} @click=${() => this.emit("carrier", channel)}>${t("map {map}", { map: channel })} <span class="figures">${formatNumber(value, 2)}</span></button>`)}
          </p>`
        : nothing;
    return html`${list("response", t("They answer alike (correlation over these pictures):"), response)}
    ${list("kernel", t("They have a kernel alike (cosine):"), kernel)}`;
  }

  /** Where this map has a page of its own. */
  get page() {
    const { state, layer, channel } = this;
    const query = new URLSearchParams(location.search);
    const { layout = "CHW", name = "" } = layer ?? {};
    const [row, column] = state?.unit?.length === 3 ? state.unit.slice(layout === "HWC" ? 0 : 1) : [0, 0];
    const unit = layout === "Z" ? [channel] : layout === "HWC" ? [row, column, channel] : [channel, row, column];
    query.set("layer", name);
    query.set("unit", unit.join(","));
    return `/${document.documentElement.lang}/embed/one?${query}`;
  }

  /** @param {string} image @param {number[]} unit */
  go(image, unit) {
    const same = image === this.state?.image;
    this.emit("choose", { image, unit, layer: this.layer?.name ?? "", ...(same ? {} : { crop: null }) });
    document.querySelector("#maps")?.scrollIntoView();
  }
}

customElements.define("lente-feature-seeks", LenteFeatureSeeks);
