import { html, nothing } from "vendor/lit";
import { notice } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { unitFor } from "../shared/units.js";
import { makerOf } from "./wiring.js";
import { fieldBox, sortChannels } from "./maps.js";
import { fieldless, unexplained } from "./obstacles.js";
import { FeaturesStage } from "./stage.js";
import "./lente-feature-channel.js";
import "./lente-feature-classes.js";
import "./lente-feature-graph.js";
import "./lente-feature-grid.js";
import "./lente-feature-kernels.js";
import "./lente-feature-layers.js";
import "./lente-feature-photo.js";
import "./lente-feature-studies.js";
import "./lente-feature-seen.js";
import "./lente-feature-terms.js";
import "./lente-feature-weights.js";
import "../shared/ui/lente-legend.js";
import "../shared/pictures/lente-picture-source.js";

/**
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("./stage.js").FeaturesState} FeaturesState
 */

const RANGES = /** @type {const} */ ([
  ["layer", N_("of the layer")],
  ["map", N_("of each map")],
  ["network", N_("of the network")],
]);
const ORDERS = /** @type {const} */ ([
  ["number", N_("by number")],
  ["strength", N_("strongest first")],
  ["sparsity", N_("most silent first")],
  ["effect", N_("by effect")],
]);

/** A photograph on its way through a network. Rendered in the page. */
export class LenteFeatures extends FeaturesStage {
  constructor() {
    super();
    /** The order of the maps, and what it was made of. @type {{stack: import("./maps.js").ChannelStack, sort: string, effects: ArrayLike<number> | null, order: number[]} | null} */ this.sorted =
      null;
  }

  render() {
    return html`${this.source()}
      <div class="features" data-absent=${this.absent} data-ready=${this.ready}>
        <section class="see stack">${this.photo()}${this.answer()}${this.restore()}</section>
        <section class="walk-layers stack">
          ${this.chooser()}<lente-feature-layers
            .layers=${this.layers}
            selected=${this.layerName}
            @layer=${this.onChooseLayer}
          ></lente-feature-layers
          >${unexplained(this.layers)}
        </section>
        ${
          this.absent
            ? this.weights()
            : html`<section class="maps stack">${notice(this.fault)}${this.maps()}</section>
                <section class="one stack">${this.channel()}</section>`
        }
      </div>
      ${this.absent ? nothing : this.below()}`;
  }

  /** Whether all that has a place above the graph is there, or will not come. */
  get ready() {
    const answered = this.prediction !== null || this.network?.classes === 0;
    return (
      this.absent || this.fault !== "" || (this.shown !== null && this.unit !== null && this.seen !== null && answered)
    );
  }

  below() {
    return html`${this.cut()}
      <section class="idea features-graph" data-hideable="graph">
        <h2>${t("How it is wired")}</h2>
        <p>
          ${t("Each box is a layer, as high as its maps have pixels and as wide as there are maps; filled ones have learnt weights. Choose one to look at it; stacked boxes are blocks that unfold.")}
        </p>
        <lente-feature-graph
          .layers=${this.layers}
          selected=${this.layerName}
          @layer=${this.onChooseLayer}
        ></lente-feature-graph>
      </section>
      <section class="idea features-kernel" data-hideable="kernels">
        <h2>${t("Its kernel")}</h2>
        ${this.kernels()}
      </section>
      ${this.studies()}`;
  }

  cut() {
    const [top, left, size] = this.state.crop ?? [];
    const square = this.state.crop && { top, left, size };
    return html`<section class="idea features-seen" data-hideable="crop">
      <h2>${t("What the network saw")}</h2>
      <p>
        ${t("It is given a square of the photo, no more. Move it or pull its corner, and see whether the answer stays.")}
      </p>
      <lente-feature-seen
        image=${this.state.image}
        .seen=${this.seen}
        .prediction=${this.prediction}
        .square=${square}
        .own=${this.state.normalisation}
        @crop=${this.onCrop}
        @normalisation=${this.onNormalisation}
      ></lente-feature-seen>
    </section>`;
  }

  /** @param {CustomEvent<import("./move_crop.js").Crop | null>} event */
  onCrop({ detail }) {
    this.change({ crop: detail && [detail.top, detail.left, detail.size] });
  }

  /** @param {CustomEvent<number[] | null>} event */
  onNormalisation({ detail }) {
    this.change({ normalisation: detail });
  }

  answer() {
    if (this.network?.classes === 0)
      return html`<p class="verdict">
        ${t("This network names no classes: look at what its layers make of the picture.")}
      </p>`;
    return html`<lente-feature-classes
      .prediction=${this.prediction}
      known=${this.network?.classes ?? 0}
    ></lente-feature-classes>`;
  }

  weights() {
    const title = this.networks.find(({ name }) => name === this.state.network)?.title ?? this.state.network;
    return html`<section class="maps stack">
      <lente-feature-weights
        network=${this.state.network}
        heading=${title}
        @ready=${this.onWeights}
      ></lente-feature-weights>
    </section>`;
  }

  restore() {
    const count = this.state.muted.length + this.state.edits.length;
    const words = t("Undo everything ({count})", { count });
    return count
      ? html`<button type="button" data-do="restore" @click=${() => this.change({ muted: [], edits: [] })}>
          ${words}
        </button>`
      : nothing;
  }

  studies() {
    return html`<lente-feature-studies
      .state=${this.state}
      .network=${this.network}
      .layers=${this.layers}
      layer=${this.shown?.layer ?? ""}
      channel=${this.place?.channel ?? 0}
      .cell=${this.hovered ?? this.place}
      .range=${this.range}
      .pixels=${this.seen?.tensors.pixels ?? null}
      .prediction=${this.prediction}
      @choose=${(/** @type {CustomEvent} */ { detail }) => this.change(detail)}
      @carrier=${this.onChannel}
      @cell=${this.onCell}
    ></lente-feature-studies>`;
  }

  kernels() {
    const layer = makerOf(this.layers, this.shown?.layer);
    return html`<lente-feature-kernels
      data-hideable="kernels"
      network=${this.network ? this.state.network : ""}
      layer=${layer?.kernels[0] ?? ""}
      channel=${this.place?.channel ?? 0}
      ?fromPicture=${layer?.inputs[0] === "input"}
    ></lente-feature-kernels>`;
  }

  source() {
    return html`<lente-picture-source
      data-hideable="source"
      .image=${this.state.image}
      size="64"
      @picture=${this.onPicture}
      @kept=${this.onPicture}
    ></lente-picture-source>`;
  }

  photo() {
    const field = this.unit && this.unit.layer === this.shown?.layer && !this.hovered ? this.unit.field : null;
    const layer = this.layers.find(({ name }) => name === this.shown?.layer);
    const cell = this.hovered ?? this.place;
    const side = this.network?.input[1] ?? 1;
    const exact = field?.exact ?? (layer && cell ? fieldBox(layer.receptive_field, cell.row, cell.column, side) : null);
    return html`<lente-feature-photo
        .pixels=${this.seen?.tensors.pixels ?? null}
        .facts=${this.seen?.facts ?? {}}
        .exact=${exact}
        .effective=${field ? squareOf(field.effective) : null}
      ></lente-feature-photo
      >${fieldless(this.layers, layer)}`;
  }

  chooser() {
    return html`<label class="above" data-hideable="network"
      ><span>${t("Network")}</span
      ><select data-field="network" @change=${this.onChooseNetwork}>
        ${this.networks.filter(({ name, kind }) => kind === "photo" || name === this.state.network).map(({ name, title }) => html`<option value=${name} ?selected=${name === this.state.network}>${title}</option>`)}
      </select></label
    >`;
  }

  maps() {
    const { shown, place, range } = this;
    const layer = this.layers.find(({ name }) => name === shown?.layer);
    const counted = { count: shown?.stack.channels ?? 0, layer: shown?.layer ?? "" };
    const several =
      shown?.scale.layout === "Z" ? t("{count} values of {layer}", counted) : t("{count} maps of {layer}", counted);
    const title = shown ? several : t("Maps");
    const muted = new Set(
      this.state.muted.filter((name) => name.startsWith(`${shown?.layer}~`)).map((name) => Number(name.split("~")[1])),
    );
    return html`<div class="maps-head">
        <h2>${title}</h2>
        ${layer ? this.aroundRelu(layer) : nothing}
      </div>
      <div class="row maps-tools" data-hideable="scale">
        ${this.options("range", t("Scale"), RANGES)}${this.options("sort", t("Order"), ORDERS)}
      </div>
      <lente-feature-grid
        .stack=${shown?.stack ?? null}
        .order=${this.order()}
        .range=${range}
        .muted=${muted}
        selected=${place?.channel ?? 0}
        @channel=${this.onChannel}
      ></lente-feature-grid>
      <div class="maps-legend">
        ${this.orderSays()}${shown && range ? html`<lente-legend .low=${range.low} .high=${range.high} .note=${this.note()}></lente-legend>` : html`<span class="small">${shown ? t("Each map has a scale of its own: colours of different maps cannot be compared.") : ""}</span>`}
      </div>`;
  }

  note() {
    const { scale } = /** @type {NonNullable<typeof this.shown>} */ (this.shown);
    return scale.clipped && this.state.range === "layer"
      ? t("Values go from {low} to {high}; what lies outside the scale has its end's colour.", {
          low: formatNumber(scale.lowest),
          high: formatNumber(scale.highest),
        })
      : "";
  }

  /** The maps in the order that was chosen; sorted again only where something changed. @returns {number[]} */
  order() {
    if (!this.shown) return [];
    const {
      shown: { stack },
      state: { sort },
    } = this;
    const effects = this.effects?.path === this.effectsPath ? this.effects.logit : null;
    const last = this.sorted;
    if (last?.stack === stack && last.sort === sort && last.effects === effects) return last.order;
    const order = sortChannels(stack, sort, effects);
    this.sorted = { stack, sort, effects, order };
    return order;
  }

  /** What the order means while and where that is not plain. */
  orderSays() {
    if (this.state.sort !== "effect" || !this.shown) return nothing;
    const layer = this.layers.find(({ name }) => name === this.shown?.layer);
    if (!layer?.reachable)
      return html`<p class="small">
        ${t("The maps of {layer} cannot be switched off one by one: it is made and read between modules. Choose a layer beside it.", { layer: this.shown.layer })}
      </p>`;
    const known = this.effects?.path === this.effectsPath;
    return html`<p class="small" data-effect=${known}>
      ${known ? t("First the map without which the class's score falls most, as found by switching each one off.") : t("Switching off every map in turn…")}
    </p>`;
  }

  /** @param {"range" | "sort"} name @param {string} label @param {readonly (readonly [string, string])[]} choices */
  options(name, label, choices) {
    return html`<label
      >${label}<select
        data-field=${name}
        @change=${(/** @type {Event} */ event) => this.change({ [name]: /** @type {HTMLSelectElement} */ (event.target).value })}
      >
        ${choices.map(([value, words]) => html`<option value=${value} ?selected=${value === this.state[name]}>${t(words)}</option>`)}
      </select></label
    >`;
  }

  /** The same maps before and after ReLU, each by its name. @param {Layer} layer */
  aroundRelu(layer) {
    const after =
      layer.operation === "relu"
        ? layer
        : this.layers.find(({ operation, inputs }) => operation === "relu" && inputs[0] === layer.name);
    if (!after) return nothing;
    const names = [after.inputs[0], after.name];
    const words = [t("before ReLU: {layer}", { layer: names[0] }), t("after ReLU: {layer}", { layer: names[1] })];
    return html`<div class="segments relu">
      ${names.map((name, i) => html`<button type="button" data-layer-pair=${name} aria-pressed=${name === layer.name} @click=${() => this.change({ layer: name })}>${words[i]}</button>`)}
    </div>`;
  }

  channel() {
    const { shown, place } = this;
    if (!shown || !place) return html`<div class="channel-map"></div>`;
    const layer = this.layers.find(({ name }) => name === shown.layer);
    const muted = this.state.muted.includes(`${shown.layer}~${place.channel}`);
    const layouts = Object.fromEntries(this.layers.map(({ name, layout }) => [name, layout]));
    const { unit } = this;
    return html`<lente-feature-channel
        .stack=${shown.stack}
        channel=${place.channel}
        layer=${shown.layer}
        .range=${this.range}
        .cell=${this.hovered ?? place}
        ?editable=${layer?.editable ?? false}
        ?muted=${muted}
        @cell=${this.onCell}
        @pin=${this.onPin}
        @mute=${this.onMute}
      ></lente-feature-channel>
      <div class="why-unit">
        ${this.trail.length ? html`<button type="button" class="quiet" data-do="back" @click=${this.back}>← ${t("One step back")}</button>` : nothing}
        ${unit?.refusal ? html`<p class="notice" data-refusal>${unit.refusal}</p>` : nothing}
        ${unit?.explanation ? html`<lente-feature-terms .explanation=${unit.explanation} .unit=${unit.unit} .layouts=${layouts} .scaling=${this.seen?.facts ?? { mean: [0], std: [1] }} @walk=${this.onWalk}></lente-feature-terms>` : nothing}
      </div>`;
  }

  /** @param {CustomEvent<import("../shared/pictures/lente-picture-source.js").Picture>} event */
  onPicture({ detail: { id } }) {
    if (id && id !== this.state.image) this.change({ image: id, unit: null, crop: null });
  }

  /** @param {CustomEvent<string>} event */
  onChooseLayer({ detail: layer }) {
    this.trail = [];
    this.change({ layer, unit: null });
  }

  /** @param {Event} event */
  onChooseNetwork(event) {
    this.trail = [];
    this.change({
      network: /** @type {HTMLSelectElement} */ (event.target).value,
      layer: "",
      unit: null,
      normalisation: null,
      muted: [],
      edits: [],
      target: null,
      camlayer: "",
      window: null,
    });
  }

  /** @param {CustomEvent<number>} event */
  onChannel({ detail: channel }) {
    const { place } = this;
    if (place) this.pin({ ...place, channel });
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell | null>} event */
  onCell({ detail }) {
    this.hovered = detail;
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell>} event */
  onPin({ detail }) {
    const { place } = this;
    if (place) this.pin({ ...place, ...detail });
  }

  /** @param {import("../shared/units.js").Place} place */
  pin(place) {
    this.trail = [];
    if (this.shown) this.change({ layer: this.shown.layer, unit: unitFor(place, this.shown.scale.layout) });
  }

  onMute() {
    const { shown, place } = this;
    if (!shown || !place) return;
    const name = `${shown.layer}~${place.channel}`;
    const { muted } = this.state;
    this.change({
      muted: muted.includes(name) ? muted.filter((each) => each !== name) : [...muted, name],
      layer: shown.layer,
      unit: unitFor(place, shown.scale.layout),
    });
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

/** @param {{side: number, center: number[]}} effective @returns {import("../shared/ui/lente-map.js").Box} */
function squareOf({ side, center: [row, column] }) {
  const [top, left] = [row - (side - 1) / 2 - 0.5, column - (side - 1) / 2 - 0.5].map((edge) => Math.round(edge));
  return { top, left, bottom: top + side, right: left + side };
}

customElements.define("lente-features", LenteFeatures);
