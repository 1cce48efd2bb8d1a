import { LitElement, html, nothing } from "vendor/lit";
import { channelStack } from "../lib/channel_stack.js";
import { fieldBox } from "../lib/field_box.js";
import { formatNumber } from "../lib/format_number.js";
import { newest } from "../lib/newest.js";
import { placeOf } from "../lib/place_of.js";
import { sortChannels } from "../lib/sort_channels.js";
import { unitFor } from "../lib/unit_for.js";
import { unitOf } from "../lib/unit_of.js";
import { ApiError } from "../services/api.js";
import { address, fetchAnswer, fetchLayer, fetchNetwork, fetchNetworks, fetchUnit, fetchWidestRange } from "../services/features.js";
import { N_, t } from "../services/i18n.js";
import "./lente-feature-channel.js";
import "./lente-feature-classes.js";
import "./lente-feature-grid.js";
import "./lente-feature-kernels.js";
import "./lente-feature-layers.js";
import "./lente-feature-photo.js";
import "./lente-feature-terms.js";
import "./lente-feature-weights.js";
import "./lente-feature-why.js";
import "./lente-legend.js";
import "./lente-picture-source.js";

/**
 * @typedef {import("../services/features.js").Layer} Layer
 * @typedef {import("../services/features.js").Network} Network
 * @typedef {import("../lib/sort_channels.js").ChannelOrder} ChannelOrder
 *
 * @typedef {object} FeaturesState
 * @property {string} network
 * @property {string} image
 * @property {string} layer "" for the first one that is worth a look
 * @property {number[] | null} unit the layer's strongest if null
 * @property {"layer" | "map" | "network"} range
 * @property {ChannelOrder} sort
 * @property {string[]} muted
 * @property {import("./lente-feature-why.js").Method} method
 */

const RANGES = /** @type {const} */ ([["layer", N_("of the layer")], ["map", N_("of each map")], ["network", N_("of the network")]]);
const ORDERS = /** @type {const} */ ([["number", N_("by number")], ["strength", N_("strongest first")], ["sparsity", N_("most silent first")]]);

const CHANGING = new Set(["relu", "batch_norm", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "identity", "dropout"]);

/**
 * A photograph on its way through a network. Rendered in the page.
 *
 * @fires state - the whole state, whenever it changes
 */
export class LenteFeatures extends LitElement {
  static properties = {
    state: { attribute: false },
    networks: { state: true },
    network: { state: true },
    seen: { state: true },
    prediction: { state: true },
    shown: { state: true },
    unit: { state: true },
    hovered: { state: true },
    widest: { state: true },
    fault: { state: true },
    absent: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState} */ this.state = { network: "photo_cnn", image: "sample-cat", layer: "", unit: null, range: "layer", sort: "number", muted: [], method: "grad_cam" };
    /** @type {Network[]} */ this.networks = [];
    /** @type {Network | null} */ this.network = null;
    /** @type {import("../lib/safetensors.js").SafetensorsFile | null} */ this.seen = null;
    /** @type {import("../services/features.js").Prediction | null} */ this.prediction = null;
    /** The layer whose maps are shown. @type {{layer: string, stack: import("../lib/channel_stack.js").ChannelStack, scale: Record<string, any>} | null} */ this.shown = null;
    /** The pinned unit, its terms and field. @type {{layer: string, unit: number[], explanation: import("../services/features.js").Explanation, field: Record<string, any> | null} | null} */ this.unit = null;
    /** @type {import("./lente-map.js").Cell | null} */ this.hovered = null;
    this.widest = 0;
    this.fault = "";
    /** Whether the weights are still to be fetched. */ this.absent = false;
    /** Where the walk came from. @type {{layer: string, unit: number[] | null}[]} */ this.trail = [];
    const failed = (/** @type {Error} */ error) => this.failed(error);
    this.loadNetwork = newest((/** @type {string} */ name) => fetchNetwork(name), (network) => this.onNetwork(network), failed);
    this.loadAnswer = newest((/** @type {FeaturesState} */ state) => fetchAnswer(state), ([seen, prediction]) => Object.assign(this, { seen, prediction, fault: "" }), failed);
    this.loadLayer = newest((/** @type {FeaturesState} */ state, /** @type {string} */ layer) => fetchLayer(state, layer), (file, _, layer) => this.onLayer(file, layer), failed);
    this.loadUnit = newest((/** @type {FeaturesState} */ state, /** @type {string} */ layer, /** @type {number[]} */ unit) => fetchUnit(state, layer, unit),
      ([explanation, field], _, layer, unit) => (this.unit = { layer, unit, explanation, field }), failed);
    this.loadWidest = newest((/** @type {FeaturesState} */ state) => fetchWidestRange(state), (high) => (this.widest = high), failed);
  }

  createRenderRoot() {
    return this;
  }

  firstUpdated() {
    fetchNetworks().then((networks) => (this.networks = networks), (error) => this.failed(error));
    this.loadNetwork(this.state.network);
  }

  /** @param {Partial<FeaturesState>} change */
  change(change) {
    const before = this.state;
    this.state = { ...before, ...change };
    this.dispatchEvent(new CustomEvent("state", { detail: this.state, bubbles: true }));
    if (this.state.network !== before.network) this.openNetwork();
    else this.refresh(before);
  }

  openNetwork() {
    this.network = this.shown = this.unit = this.prediction = this.seen = null;
    this.absent = false;
    this.widest = 0;
    this.fault = "";
    if (this.networks.find(({ name }) => name === this.state.network)?.here === false) this.absent = true;
    else this.loadNetwork(this.state.network);
  }

  /** The weights have come. */
  onWeights() {
    this.networks = this.networks.map((network) => (network.name === this.state.network ? { ...network, here: true } : network));
    this.openNetwork();
  }

  /** Fetches what a change of the state makes necessary. @param {FeaturesState} before */
  refresh(before) {
    const { state } = this;
    const other = state.image !== before.image || state.muted !== before.muted;
    if (other) this.loadAnswer(state);
    if (other || state.layer !== before.layer) this.loadLayer(state, this.layerName);
    else if (state.unit !== before.unit) this.explain();
    if (state.range === "network" && (other || !this.widest)) this.loadWidest(state);
  }

  /** @param {Network} network */
  onNetwork(network) {
    if (network.name !== this.state.network) return;
    this.network = network;
    this.absent = false;
    this.fault = "";
    this.loadAnswer(this.state);
    this.loadLayer(this.state, this.layerName);
    if (this.state.range === "network") this.loadWidest(this.state);
  }

  /** @param {import("../lib/safetensors.js").SafetensorsFile} file @param {string} layer */
  onLayer({ tensors, facts }, layer) {
    if (layer !== this.layerName) return;
    const scale = facts.layers[layer];
    this.shown = { layer, scale, stack: channelStack(tensors[layer], scale.layout) };
    this.fault = "";
    this.hovered = null;
    this.explain();
  }

  explain() {
    if (this.shown) this.loadUnit(this.state, this.shown.layer, this.place ? unitFor(this.place, this.shown.scale.layout) : [0]);
  }

  /** @param {Error} error */
  failed(error) {
    this.absent = error instanceof ApiError && error.code === "weights_missing";
    this.fault = this.absent ? "" : error.message;
  }

  /** The layers, the picture first. @returns {Layer[]} */
  get layers() {
    if (!this.network) return [];
    const { input } = this.network;
    const picture = { name: "input", operation: "input", inputs: [], shape: input, layout: "CHW", parameters: 0, macs: 0, kernels: [], options: {}, editable: false };
    return [{ ...picture, receptive_field: { size: [1, 1], stride: [1, 1], start: [0, 0], whole: false } }, ...this.network.layers];
  }

  get layerName() {
    const first = this.network?.layers.find(({ operation }) => operation === "relu") ?? this.network?.layers[0];
    return this.layers.find(({ name }) => name === this.state.layer)?.name ?? first?.name ?? "";
  }

  /** The unit that is pinned; the strongest of the layer unless one was chosen. @returns {import("../lib/place_of.js").Place | null} */
  get place() {
    if (!this.shown) return null;
    const { stack, scale } = this.shown;
    const chosen = this.state.unit && placeOf(this.state.unit, scale.layout);
    if (chosen && chosen.channel < stack.channels && chosen.row < stack.rows && chosen.column < stack.columns) return chosen;
    const [channel, row, column] = unitOf([stack.channels, stack.rows, stack.columns], stack.data.reduce((best, value, at) => (value > stack.data[best] ? at : best), 0));
    return { channel, row, column };
  }

  /** Of every map; null for each map's own. */
  get range() {
    const { low, high } = this.shown?.scale ?? { low: 0, high: 1 };
    if (this.state.range === "map") return null;
    if (this.state.range === "network" && this.widest) return { low: low < 0 ? -this.widest : 0, high: this.widest };
    return { low, high };
  }

  render() {
    return html`${this.source()}<div class="features" data-absent=${this.absent}>
      <section class="see stack">${this.photo()}<lente-feature-classes .prediction=${this.prediction} known=${this.network?.classes ?? 0}></lente-feature-classes>${this.restore()}</section>
      <section class="walk-layers stack">${this.chooser()}<lente-feature-layers .layers=${this.layers} selected=${this.layerName} @layer=${this.onChooseLayer}></lente-feature-layers></section>
      ${this.absent ? this.weights() : html`<section class="maps stack">${this.fault ? html`<p class="notice" data-kind="bad" role="alert">${this.fault}</p>` : nothing}${this.maps()}</section>
      <section class="one stack">${this.channel()}</section>`}</div>
      ${this.absent ? nothing : html`<div class="features-below"><section class="idea"><h2>${t("Why this answer")}</h2>${this.why()}</section><section class="idea"><h2>${t("Its kernel")}</h2>${this.kernels()}${this.take()}</section></div>`}`;
  }

  weights() {
    const title = this.networks.find(({ name }) => name === this.state.network)?.title ?? this.state.network;
    return html`<section class="maps stack"><lente-feature-weights network=${this.state.network} heading=${title} @ready=${this.onWeights}></lente-feature-weights></section>`;
  }

  restore() {
    const count = this.state.muted.length;
    const words = t("Switch all maps on again ({count} off)", { count });
    return count ? html`<button type="button" data-do="restore" @click=${() => this.change({ muted: [] })}>${words}</button>` : nothing;
  }

  why() {
    return html`<lente-feature-why data-hideable="why" .view=${this.network ? this.state : null} .pixels=${this.seen?.tensors.pixels ?? null} .classes=${this.prediction?.classes ?? []} method=${this.state.method}
      @method=${(/** @type {CustomEvent} */ { detail }) => this.change({ method: detail })}></lente-feature-why>`;
  }

  kernels() {
    const layer = makerOf(this.layers, this.shown?.layer);
    return html`<lente-feature-kernels data-hideable="kernels" network=${this.network ? this.state.network : ""} layer=${layer?.kernels[0] ?? ""} channel=${this.place?.channel ?? 0} ?fromPicture=${layer?.inputs[0] === "input"}></lente-feature-kernels>`;
  }

  take() {
    if (!this.shown) return nothing;
    const { layer } = this.shown;
    const link = (/** @type {string} */ format) => address(this.state, "export", { layer, format });
    const words = t("The values of {layer}, with the lines of PyTorch that make them again:", { layer });
    return html`<p class="take" data-hideable="export">${words} <a href=${link("npz")} download>NPZ</a>, <a href=${link("safetensors")} download>safetensors</a></p>`;
  }

  source() {
    return html`<lente-picture-source data-hideable="source" .image=${this.state.image} size="64" @picture=${this.onPicture}></lente-picture-source>`;
  }

  photo() {
    const field = this.unit && this.unit.layer === this.shown?.layer && !this.hovered ? this.unit.field : null;
    const layer = this.layers.find(({ name }) => name === this.shown?.layer);
    const cell = this.hovered ?? this.place;
    const side = this.network?.input[1] ?? 1;
    const exact = field?.exact ?? (layer && cell ? fieldBox(layer.receptive_field, cell.row, cell.column, side) : null);
    return html`<lente-feature-photo .pixels=${this.seen?.tensors.pixels ?? null} .facts=${this.seen?.facts ?? {}} .exact=${exact} .effective=${field ? squareOf(field.effective) : null}></lente-feature-photo>`;
  }

  chooser() {
    return html`<label class="above" data-hideable="network"><span>${t("Network")}</span><select data-field="network" @change=${this.onChooseNetwork}>
      ${this.networks.filter(({ name, kind }) => kind === "photo" || name === this.state.network).map(({ name, title }) => html`<option value=${name} ?selected=${name === this.state.network}>${title}</option>`)}</select></label>`;
  }

  maps() {
    const { shown, place, range } = this;
    const layer = this.layers.find(({ name }) => name === shown?.layer);
    const counted = { count: shown?.stack.channels ?? 0, layer: shown?.layer ?? "" };
    const several = shown?.scale.layout === "Z" ? t("{count} values of {layer}", counted) : t("{count} maps of {layer}", counted);
    const title = shown ? several : t("Maps");
    const muted = new Set(this.state.muted.filter((name) => name.startsWith(`${shown?.layer}~`)).map((name) => Number(name.split("~")[1])));
    return html`<div class="maps-head"><h2>${title}</h2>${layer ? this.aroundRelu(layer) : nothing}</div>
      <div class="row maps-tools" data-hideable="scale">${this.options("range", t("Scale"), RANGES)}${this.options("sort", t("Order"), ORDERS)}</div>
      <lente-feature-grid .stack=${shown?.stack ?? null} .order=${shown ? sortChannels(shown.stack, this.state.sort) : []} .range=${range} .muted=${muted} selected=${place?.channel ?? 0} @channel=${this.onChannel}></lente-feature-grid>
      <div class="maps-legend">${shown && range ? html`<lente-legend .low=${range.low} .high=${range.high} .note=${this.note()}></lente-legend>` : html`<span class="small">${shown ? t("Each map has a scale of its own: colours of different maps cannot be compared.") : ""}</span>`}</div>`;
  }

  note() {
    const { scale } = /** @type {NonNullable<typeof this.shown>} */ (this.shown);
    return scale.clipped && this.state.range === "layer" ? t("Values go from {low} to {high}; what lies outside the scale has its end's colour.", { low: formatNumber(scale.lowest), high: formatNumber(scale.highest) }) : "";
  }

  /** @param {"range" | "sort"} name @param {string} label @param {readonly (readonly [string, string])[]} choices */
  options(name, label, choices) {
    return html`<label>${label}<select data-field=${name} @change=${(/** @type {Event} */ event) => this.change({ [name]: /** @type {HTMLSelectElement} */ (event.target).value })}>
      ${choices.map(([value, words]) => html`<option value=${value} ?selected=${value === this.state[name]}>${t(words)}</option>`)}</select></label>`;
  }

  /** The same maps before and after ReLU, each by its name. @param {Layer} layer */
  aroundRelu(layer) {
    const after = layer.operation === "relu" ? layer : this.layers.find(({ operation, inputs }) => operation === "relu" && inputs[0] === layer.name);
    if (!after) return nothing;
    const names = [after.inputs[0], after.name];
    const words = [t("before ReLU: {layer}", { layer: names[0] }), t("after ReLU: {layer}", { layer: names[1] })];
    return html`<div class="segments relu">${names.map((name, i) => html`<button type="button" data-layer-pair=${name} aria-pressed=${name === layer.name} @click=${() => this.change({ layer: name })}>${words[i]}</button>`)}</div>`;
  }

  channel() {
    const { shown, place } = this;
    if (!shown || !place) return html`<div class="channel-map"></div>`;
    const layer = this.layers.find(({ name }) => name === shown.layer);
    const muted = this.state.muted.includes(`${shown.layer}~${place.channel}`);
    const layouts = Object.fromEntries(this.layers.map(({ name, layout }) => [name, layout]));
    const { unit } = this;
    return html`<lente-feature-channel .stack=${shown.stack} channel=${place.channel} layer=${shown.layer} .range=${this.range} .cell=${this.hovered ?? place} ?editable=${layer?.editable ?? false} ?muted=${muted}
        @cell=${this.onCell} @pin=${this.onPin} @mute=${this.onMute}></lente-feature-channel>
      <div class="why-unit">${this.trail.length ? html`<button type="button" class="quiet" data-do="back" @click=${this.back}>← ${t("One step back")}</button>` : nothing}
      ${unit ? html`<lente-feature-terms .explanation=${unit.explanation} .unit=${unit.unit} .layouts=${layouts} .scaling=${this.seen?.facts ?? { mean: [0], std: [1] }} @walk=${this.onWalk}></lente-feature-terms>` : nothing}</div>`;
  }

  /** @param {CustomEvent<import("./lente-picture-source.js").Picture>} event */
  onPicture({ detail: { id } }) {
    if (id && id !== this.state.image) this.change({ image: id, unit: null });
  }

  /** @param {CustomEvent<string>} event */
  onChooseLayer({ detail: layer }) {
    this.trail = [];
    this.change({ layer, unit: null });
  }

  /** @param {Event} event */
  onChooseNetwork(event) {
    this.trail = [];
    this.change({ network: /** @type {HTMLSelectElement} */ (event.target).value, layer: "", unit: null, muted: [] });
  }

  /** @param {CustomEvent<number>} event */
  onChannel({ detail: channel }) {
    const { place } = this;
    if (place) this.pin({ ...place, channel });
  }

  /** @param {CustomEvent<import("./lente-map.js").Cell | null>} event */
  onCell({ detail }) {
    this.hovered = detail;
  }

  /** @param {CustomEvent<import("./lente-map.js").Cell>} event */
  onPin({ detail }) {
    const { place } = this;
    if (place) this.pin({ ...place, ...detail });
  }

  /** @param {import("../lib/place_of.js").Place} place */
  pin(place) {
    this.trail = [];
    if (this.shown) this.change({ layer: this.shown.layer, unit: unitFor(place, this.shown.scale.layout) });
  }

  onMute() {
    const { shown, place } = this;
    if (!shown || !place) return;
    const name = `${shown.layer}~${place.channel}`;
    const { muted } = this.state;
    this.change({ muted: muted.includes(name) ? muted.filter((each) => each !== name) : [...muted, name], layer: shown.layer, unit: unitFor(place, shown.scale.layout) });
  }

  /** @param {CustomEvent<{layer: string, unit: number[]}>} event */
  onWalk({ detail: { layer, unit } }) {
    if (this.unit) this.trail = [...this.trail, { layer: this.unit.layer, unit: this.unit.unit }].slice(-40);
    this.change({ layer, unit });
  }

  back() {
    const last = this.trail[this.trail.length - 1];
    this.trail = this.trail.slice(0, -1);
    this.change(last);
  }
}

/** The layer that made the maps which this one only changes value by value or place by place. @param {Layer[]} layers @param {string} [from] */
function makerOf(layers, from) {
  let layer = layers.find(({ name }) => name === from);
  while (layer && CHANGING.has(layer.operation) && layer.inputs.length === 1) {
    const [before] = layer.inputs;
    layer = layers.find(({ name }) => name === before);
  }
  return layer;
}

/** @param {{side: number, center: number[]}} effective @returns {import("./lente-map.js").Box} */
function squareOf({ side, center: [row, column] }) {
  const [top, left] = [row - (side - 1) / 2 - 0.5, column - (side - 1) / 2 - 0.5].map((edge) => Math.round(edge));
  return { top, left, bottom: top + side, right: left + side };
}

customElements.define("lente-features", LenteFeatures);
