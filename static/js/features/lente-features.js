import { html, nothing } from "vendor/lit";
import { bringBelow, opensFurtherDown } from "../frame/calm.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { fieldBox } from "./maps.js";
import { FeaturesModel } from "./model.js";
import { fieldless, unexplained } from "./obstacles.js";
import * as server from "./server.js";
import "./lente-feature-channel.js";
import "./lente-feature-classes.js";
import "./lente-feature-layers.js";
import "./lente-feature-maps.js";
import "./lente-feature-photo.js";
import "./lente-feature-opened.js";
import "./lente-feature-terms.js";
import "./lente-feature-weights.js";
import "../shared/pictures/lente-picture-source.js";

/** @typedef {import("./server.js").Layer} Layer */

/**
 * A photograph on its way through a network: shows the model, and tells it what is chosen. Rendered in the page.
 *
 * @fires state - the whole state, whenever it changes
 */
export class LenteFeatures extends LenteElement {
  constructor() {
    super();
    this.model = new FeaturesModel(server, () => this.changed());
    /** The state that was told last. */ this.told = this.model.state;
    /** Whether what lies below the maps is asked for, and is drawn: they come first. */ this.asked =
      this.whole = false;
  }

  /** @param {import("./state.js").FeaturesState} state */
  open(state) {
    this.told = state;
    this.model.open(state);
  }

  changed() {
    this.requestUpdate();
    const { state } = this.model;
    if (state !== this.told) this.emit("state", (this.told = state));
  }

  async updated() {
    const { shown, stuck } = this.model;
    if (this.asked || !(shown || stuck || opensFurtherDown())) return;
    this.asked = true;
    await bringBelow([() => import("./below.js")], this.updateComplete);
    this.whole = true;
    this.requestUpdate();
  }

  render() {
    const { absent, ready, fault, layers, layerName } = this.model;
    return html`${this.source()}
      <lente-feature-opened
        .network=${this.model.network}
        @fields=${(/** @type {CustomEvent} */ { detail }) => this.model.fieldsCame(detail)}
      ></lente-feature-opened>
      <div class="features exhibit" id="maps" data-absent=${absent} data-ready=${ready}>
        <section class="see stack">${this.photo()}${this.answer()}${this.restore()}</section>
        <section class="walk-layers stack">
          ${this.chooser()}${this.strayed()}<lente-feature-layers
            .layers=${layers}
            selected=${layerName}
            @layer=${this.onChooseLayer}
          ></lente-feature-layers
          >${unexplained(layers)}
        </section>
        ${
          absent
            ? this.weights()
            : html`<section class="maps stack">${notice(fault)}${this.maps()}</section>
                <section class="one stack">${this.channel()}</section>`
        }
      </div>
      ${absent || !this.whole ? nothing : this.below()}`;
  }

  /** What the address asks for and this network has not. */
  strayed() {
    const { stray, layerName, shown } = this.model;
    if (!stray) return nothing;
    if ("layer" in stray)
      return notice(
        t("This network has no layer “{layer}”: {shown} is shown. Choose one of the list.", {
          layer: stray.layer,
          shown: layerName,
        }),
      );
    const shape = this.model.layers.find(({ name }) => name === shown?.layer)?.shape ?? [];
    return notice(
      t("{layer} has no unit “{unit}”, its size is {shape}: the strongest is shown.", {
        layer: layerName,
        unit: stray.unit.join(","),
        shape: shape.join(" × "),
      }),
    );
  }

  below() {
    return html`${this.cubes()}${this.cut()}${this.studies()}`;
  }

  cubes() {
    return html`<section class="idea" id="cubes" data-hideable="cubes">
      <h2>${t("Thinner and deeper")}</h2>
      <p>
        ${t("Each block is what a layer gives, all drawn to one scale: as high and as deep as its maps, as long as there are many. Layers that change no size are left out. Choose one to go to it.")}
      </p>
      <lente-feature-cubes
        .layers=${this.model.layers}
        selected=${this.model.layerName}
        @layer=${this.onGoToLayer}
      ></lente-feature-cubes>
      ${notice(this.model.layers.length ? "" : this.model.unanswered)}
    </section>`;
  }

  /** @param {CustomEvent<string>} event */
  onGoToLayer(event) {
    event.stopPropagation();
    this.onChooseLayer(event);
    this.querySelector("#maps")?.scrollIntoView();
  }

  cut() {
    const { state, seen, prediction } = this.model;
    const [top, left, size] = state.crop ?? [];
    const square = state.crop && { top, left, size };
    return html`<section class="idea features-seen" id="crop" data-hideable="crop">
      <h2>${t("What the network saw")}</h2>
      <p>
        ${t("It is given a square of the photo, no more. Move it or pull its corner, and see whether the answer stays.")}
      </p>
      <lente-feature-seen
        image=${state.image}
        .seen=${seen}
        .fault=${this.model.unanswered}
        .prediction=${prediction}
        .square=${square}
        .own=${state.normalisation}
        @crop=${this.onCrop}
        @normalisation=${this.onNormalisation}
      ></lente-feature-seen>
    </section>`;
  }

  /** @param {CustomEvent<import("./move_crop.js").Crop | null>} event */
  onCrop({ detail }) {
    this.model.change({ crop: detail && [detail.top, detail.left, detail.size] });
  }

  /** @param {CustomEvent<number[] | null>} event */
  onNormalisation({ detail }) {
    this.model.change({ normalisation: detail });
  }

  answer() {
    const { network, prediction } = this.model;
    if (network?.fault) return nothing;
    if (network?.classes === 0)
      return html`<p class="verdict">
        ${t("This network names no classes: look at what its layers make of the picture.")}
      </p>`;
    return html`<lente-feature-classes
      .prediction=${prediction}
      known=${network?.classes ?? 0}
      .fault=${this.model.unanswered}
    ></lente-feature-classes>`;
  }

  weights() {
    const { networks, state } = this.model;
    const title = networks.find(({ name }) => name === state.network)?.title ?? state.network;
    return html`<section class="maps stack">
      <lente-feature-weights
        network=${state.network}
        heading=${title}
        @ready=${() => this.model.weightsCame()}
      ></lente-feature-weights>
    </section>`;
  }

  restore() {
    const { changes } = this.model;
    return changes
      ? html`<button type="button" data-do="restore" @click=${() => this.model.restore()}>
          ${t("Undo everything ({count})", { count: changes })}
        </button>`
      : nothing;
  }

  studies() {
    const { model } = this;
    return html`<lente-feature-studies
      .state=${model.state}
      .network=${model.network}
      .networks=${model.networks}
      .layers=${model.layers}
      layer=${model.shown?.layer ?? ""}
      chosen=${model.layerName}
      channel=${model.place?.channel ?? 0}
      .cell=${model.cell}
      .place=${model.place}
      .range=${model.range}
      .pixels=${model.seen?.tensors.pixels ?? null}
      .prediction=${model.prediction}
      .fault=${model.stuck}
      @choose=${(/** @type {CustomEvent} */ { detail }) => model.change(detail)}
      @layer=${this.onChooseLayer}
      @carrier=${this.onChannel}
      @cell=${this.onCell}
    ></lente-feature-studies>`;
  }

  source() {
    return html`<lente-picture-source
      data-hideable="source"
      .image=${this.model.state.image}
      size="64"
      @picture=${this.onPicture}
      @kept=${this.onPicture}
    ></lente-picture-source>`;
  }

  photo() {
    const { unit, shown, hovered, layer, cell, network, seen, layers } = this.model;
    const field = unit && unit.layer === shown?.layer && !hovered ? unit.field : null;
    const sides = network?.input.slice(-2) ?? [1, 1];
    const known = layer && cell && network?.fields !== false;
    const exact = field?.exact ?? (known ? fieldBox(layer.receptive_field, cell.row, cell.column, sides) : null);
    return html`<lente-feature-photo
        .pixels=${seen?.tensors.pixels ?? null}
        .facts=${seen?.facts ?? {}}
        .exact=${exact}
        .effective=${field ? squareOf(field.effective) : null}
      ></lente-feature-photo
      >${fieldless(layers, layer)}`;
  }

  chooser() {
    const { networks, state } = this.model;
    return html`<label class="above" data-hideable="network"
      ><span>${t("Network")}</span
      ><select data-field="network" @change=${this.onNetwork}>
        ${networks.filter(({ name, kind }) => kind === "photo" || name === state.network).map(({ name, title }) => html`<option value=${name} ?selected=${name === state.network}>${title}</option>`)}
      </select></label
    >`;
  }

  maps() {
    const { state, layers, layer, shown, order, range, off, place, effectsHere } = this.model;
    return html`<lente-feature-maps
      class="stack"
      .state=${state}
      .layers=${layers}
      .layer=${layer}
      .shown=${shown}
      .order=${order}
      .range=${range}
      .off=${off}
      selected=${place?.channel ?? 0}
      ?effects=${effectsHere !== null}
      @choose=${(/** @type {CustomEvent} */ { detail }) => this.model.change(detail)}
      @channel=${this.onChannel}
    ></lente-feature-maps>`;
  }

  channel() {
    const { shown, place, layer, layers, unit, trail, seen, range, cell, off } = this.model;
    if (!shown || !place) return html`<div class="channel-map"></div>`;
    const lies = Object.fromEntries(layers.map((each) => [each.name, each]));
    return html`<lente-feature-channel
        .stack=${shown.stack}
        channel=${place.channel}
        layer=${shown.layer}
        .range=${range}
        .cell=${cell}
        ?editable=${layer?.editable ?? false}
        ?muted=${off.has(place.channel)}
        @cell=${this.onCell}
        @pin=${this.onPin}
        @mute=${() => this.model.toggleMap()}
      ></lente-feature-channel>
      <div class="why-unit">
        ${trail.length ? html`<button type="button" class="quiet" data-do="back" @click=${() => this.model.back()}>← ${t("One step back")}</button>` : nothing}
        ${unit?.refusal ? html`<p class="notice" data-refusal>${unit.refusal}</p>` : nothing}
        ${unit?.explanation ? html`<lente-feature-terms .explanation=${unit.explanation} .unit=${unit.unit} .lies=${lies} .scaling=${seen?.facts ?? { mean: [0], std: [1] }} @walk=${this.onWalk}></lente-feature-terms>` : nothing}
      </div>`;
  }

  /** @param {CustomEvent<import("../shared/pictures/lente-picture-source.js").Picture>} event */
  onPicture({ detail: { id } }) {
    this.model.choosePicture(id ?? "");
  }

  /** @param {Event} event */
  onNetwork(event) {
    this.model.chooseNetwork(/** @type {HTMLSelectElement} */ (event.target).value);
  }

  /** @param {CustomEvent<string>} event */
  onChooseLayer({ detail: layer }) {
    this.model.chooseLayer(layer);
  }

  /** @param {CustomEvent<number>} event */
  onChannel({ detail: channel }) {
    this.model.pin({ channel });
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell | null>} event */
  onCell({ detail }) {
    this.model.hover(detail);
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell>} event */
  onPin({ detail }) {
    this.model.pin(detail);
  }

  /** @param {CustomEvent<{layer: string, unit: number[]}>} event */
  onWalk({ detail: { layer, unit } }) {
    this.model.walk(layer, unit);
  }
}

/** @param {{side: number, center: number[]}} effective @returns {import("../shared/ui/lente-map.js").Box} */
function squareOf({ side, center: [row, column] }) {
  const [top, left] = [row - (side - 1) / 2 - 0.5, column - (side - 1) / 2 - 0.5].map((edge) => Math.round(edge));
  return { top, left, bottom: top + side, right: left + side };
}

customElements.define("lente-features", LenteFeatures);
