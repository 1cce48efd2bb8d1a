import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { N_, t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { isRelu } from "./wiring.js";
import "./lente-feature-grid.js";
import "../shared/ui/lente-legend.js";

/**
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("./model.js").ShownLayer} ShownLayer
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

/**
 * The maps of a layer with their scale and order. Rendered in the page.
 *
 * @fires choose - part of the page's state
 * @fires channel - the number of a map, see lente-feature-grid
 */
export class LenteFeatureMaps extends LenteElement {
  static properties = {
    state: { attribute: false },
    layers: { attribute: false },
    layer: { attribute: false },
    shown: { attribute: false },
    order: { attribute: false },
    range: { attribute: false },
    off: { attribute: false },
    selected: { type: Number },
    effects: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {import("./state.js").FeaturesState | null} */ this.state = null;
    /** Those of the network. @type {Layer[]} */ this.layers = [];
    /** The layer whose maps are shown. @type {Layer | undefined} */ this.layer = undefined;
    /** @type {ShownLayer | null} */ this.shown = null;
    /** Numbers of the maps as they lie. @type {number[]} */ this.order = [];
    /** The scale of every map; each map's own if null. @type {{low: number, high: number} | null} */ this.range = null;
    /** Numbers of the maps that are switched off. @type {Set<number>} */ this.off = new Set();
    this.selected = 0;
    /** Whether it is known what the class loses without each map. */ this.effects = false;
  }

  render() {
    const { shown, range, layer } = this;
    const counted = { count: shown?.stack.channels ?? 0, layer: shown?.layer ?? "" };
    const several =
      shown?.scale.layout === "Z" ? t("{count} values of {layer}", counted) : t("{count} maps of {layer}", counted);
    const title = shown ? several : t("Maps");
    return html`<div class="maps-head">
        <h2>${title}</h2>
        ${layer ? this.aroundRelu(layer) : nothing}
      </div>
      <div class="row maps-tools" data-hideable="scale">
        ${this.options("range", t("Scale"), RANGES)}${this.options("sort", t("Order"), ORDERS)}
      </div>
      <lente-feature-grid
        .stack=${shown?.stack ?? null}
        .order=${this.order}
        .range=${range}
        .muted=${this.off}
        selected=${this.selected}
      ></lente-feature-grid>
      <div class="maps-legend">
        ${this.orderSays()}${shown && range ? html`<lente-legend .low=${range.low} .high=${range.high} .note=${this.note()}></lente-legend>` : html`<span class="small">${shown ? t("Each map has a scale of its own: colours of different maps cannot be compared.") : ""}</span>`}
      </div>`;
  }

  note() {
    const { shown, state } = this;
    const scale = shown?.scale ?? {};
    return scale.clipped && state?.range === "layer"
      ? t("Values go from {low} to {high}; what lies outside the scale has its end's colour.", {
          low: formatNumber(scale.lowest),
          high: formatNumber(scale.highest),
        })
      : "";
  }

  /** What the order means while and where that is not plain. */
  orderSays() {
    const { state, shown, layer, effects: known } = this;
    if (state?.sort !== "effect" || !shown) return nothing;
    if (!layer?.reachable)
      return html`<p class="small">
        ${t("The maps of {layer} cannot be switched off one by one: it is made and read between modules. Choose a layer beside it.", { layer: shown.layer })}
      </p>`;
    return html`<p class="small" data-effect=${known}>
      ${known ? t("First the map without which the class's score falls most, as found by switching each one off.") : t("Switching off every map in turn…")}
    </p>`;
  }

  /** @param {"range" | "sort"} name @param {string} label @param {readonly (readonly [string, string])[]} choices */
  options(name, label, choices) {
    return html`<label
      >${label}<select
        data-field=${name}
        @change=${(/** @type {Event} */ event) => this.emit("choose", { [name]: /** @type {HTMLSelectElement} */ (event.target).value })}
      >
        ${choices.map(([value, words]) => html`<option value=${value} ?selected=${value === this.state?.[name]}>${t(words)}</option>`)}
      </select></label
    >`;
  }

  /** The same maps before and after ReLU, each by its name. @param {Layer} layer */
  aroundRelu(layer) {
    const after = isRelu(layer.operation)
      ? layer
      : this.layers.find(({ operation, inputs }) => isRelu(operation) && inputs[0] === layer.name);
    if (!after) return nothing;
    const names = [after.inputs[0], after.name];
    const words = [t("before ReLU: {layer}", { layer: names[0] }), t("after ReLU: {layer}", { layer: names[1] })];
    return html`<div class="segments relu">
      ${names.map((name, i) => html`<button type="button" data-layer-pair=${name} aria-pressed=${name === layer.name} @click=${() => this.emit("choose", { layer: name })}>${words[i]}</button>`)}
    </div>`;
  }
}

customElements.define("lente-feature-maps", LenteFeatureMaps);
