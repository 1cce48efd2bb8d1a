import { newest } from "../shared/newest.js";
import { placeOf, unitFor, unitOf } from "../shared/units.js";
import { toggled } from "./edits.js";
import { channelStack, sortChannels } from "./maps.js";
import { isRelu } from "./wiring.js";
import { FIRST, OF_A_NETWORK, viewOf } from "./state.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("./server.js").Network} Network
 * @typedef {import("../shared/units.js").Place} Place
 * @typedef {import("../shared/safetensors.js").SafetensorsFile} SafetensorsFile
 *
 * @typedef {Pick<typeof import("./server.js"), "fetchNetworks" | "fetchNetwork" | "fetchAnswer" | "fetchLayer" | "fetchUnit" | "fetchField" |
 *   "fetchWidestRange" | "fetchEffects">} FeaturesServer
 *
 * @typedef {{layer: string, stack: import("./maps.js").ChannelStack, scale: Record<string, any>, strongest: Place}} ShownLayer
 * @typedef {{layer: string, unit: number[]} & Awaited<ReturnType<typeof import("./server.js").fetchUnit>>} PinnedUnit
 */

const IN_THE_BOX = ["efficientnet_lite0", "squeezenet", "photo_cnn"];
const LONGEST_WALK = 40;

/**
 * What the features page looks at: what its visitor has chosen, and what the server answered to it. The newest choice
 * wins; a question that failed leaves the last good answer and says why, until it is answered.
 */
export class FeaturesModel {
  /** @param {FeaturesServer} server @param {() => void} [changed] called whenever something is another */
  constructor(server, changed = () => {}) {
    this.server = server;
    this.changed = changed;
    /** @type {FeaturesState} */ this.state = FIRST;
    /** Those that one can choose from. @type {Network[]} */ this.networks = [];
    /** @type {Network | null} */ this.network = null;
    /** Those of the network, the picture first. @type {Layer[]} */ this.layers = [];
    /** What the network is given. @type {SafetensorsFile | null} */ this.seen = null;
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** The layer whose maps are shown. @type {ShownLayer | null} */ this.shown = null;
    /** Its pinned unit, with its terms and field, or why there are none. @type {PinnedUnit | null} */ this.unit = null;
    /** Under the cursor. @type {import("../shared/ui/lente-map.js").Cell | null} */ this.hovered = null;
    /** Whether the weights are still to be fetched. */ this.absent = false;
    /** The largest value of any layer's scale; 0 before it is known. */ this.widest = 0;
    /** What the class loses without each map, and what was asked. @type {{of: string, logit: ArrayLike<number>} | null} */ this.effects =
      null;
    /** Where the walk came from. @type {{layer: string, unit: number[]}[]} */ this.trail = [];
    /** What was asked beside answer, layer and unit. */ this.asked = { widest: "", effects: "" };
    /** By question. @type {Map<string, string>} */ this.faults = new Map();
    /** The order of the maps, and what it was made of. @type {{of: unknown[], order: number[]} | null} */ this.sorted =
      null;

    this.askNetwork = this.question(
      "network",
      ({ network }) => server.fetchNetwork(network),
      (network) => this.onNetwork(network),
      Infinity, // another network does not wait for one that was given up
    );
    this.askAnswer = this.question(
      "answer",
      (state) => server.fetchAnswer(state, this.network?.classes ?? 0),
      ([seen, prediction]) => Object.assign(this, { seen, prediction }),
    );
    this.askLayer = this.question(
      "layer",
      (state, /** @type {string} */ layer) => server.fetchLayer(state, layer),
      (file, _, layer) => this.onLayer(file, layer),
    );
    this.askUnit = this.question(
      "unit",
      (state, /** @type {string} */ layer, /** @type {number[]} */ unit) => server.fetchUnit(state, layer, unit),
      (found, state, layer, unit) => {
        const same = this.unit?.layer === layer && String(this.unit.unit) === String(unit);
        this.unit = { layer, unit, ...found, field: same ? (this.unit?.field ?? null) : null };
        this.askField(state, layer, unit);
      },
    );
    this.askField = this.question(
      "field",
      (state, /** @type {string} */ layer, /** @type {number[]} */ unit) => server.fetchField(state, layer, unit),
      (field, _, layer, unit) => {
        if (this.unit?.layer === layer && String(this.unit.unit) === String(unit)) this.unit = { ...this.unit, field };
      },
    );
    this.askWidest = this.question("widest", server.fetchWidestRange, (high) => (this.widest = high));
    this.askEffects = this.question(
      "effects",
      (state, /** @type {string} */ layer) => server.fetchEffects(state, layer),
      (logit, state, layer) => (this.effects = { of: effectsOf(state, layer), logit }),
    );
  }

  /**
   * @template R
   * @template {any[]} A
   * @param {string} name
   * @param {(state: FeaturesState, ...of: A) => Promise<R>} ask
   * @param {(answer: R, state: FeaturesState, ...of: A) => void} answered not called once another network was chosen
   * @param {number} [ahead] how many are under way at a time
   * @returns {(state: FeaturesState, ...of: A) => void}
   */
  question(name, ask, answered, ahead) {
    /** @type {[FeaturesState, ...A] | null} */
    let last = null;
    const load = newest(
      (/** @type {[FeaturesState, ...A]} */ args) =>
        ask(...args).then(
          (answer) => ({ answer }),
          (error) => ({ error }),
        ),
      (outcome, args) => {
        if (args[0].network !== this.state.network) return;
        if ("answer" in outcome) {
          this.faults.delete(name);
          answered(outcome.answer, ...args);
        } else if (args === last) this.failed(name, outcome.error);
        this.tell();
      },
      undefined,
      ahead,
    );
    return (...args) => load((last = args));
  }

  /** @param {string} name of the question @param {Error & {code?: string}} error */
  failed(name, error) {
    if (error.code === "weights_missing") this.absent = true;
    else this.faults.set(name, error.message);
  }

  /** Why there is no answer to the picture. */
  get unanswered() {
    return this.faults.get("network") ?? this.faults.get("answer") ?? "";
  }

  /** Why there are no maps; "" where there are some, or soon. */
  get stuck() {
    return this.shown && this.seen ? "" : this.unanswered || (this.faults.get("layer") ?? "");
  }

  /** What went wrong; "" if nothing did. */
  get fault() {
    return this.absent ? "" : ([...this.faults.values()][0] ?? "");
  }

  tell() {
    this.askMore();
    this.changed();
  }

  /** Shows a state for the first time. @param {FeaturesState} [state] */
  async open(state = this.state) {
    this.state = state;
    // What is not in the box may lack its weights: the list says so without an error.
    if (IN_THE_BOX.includes(state.network)) this.openNetwork();
    try {
      this.networks = await this.server.fetchNetworks();
      if (!this.network && !IN_THE_BOX.includes(state.network)) this.openNetwork();
    } catch (error) {
      this.failed("networks", /** @type {Error} */ (error));
    }
    this.tell();
  }

  /** @param {Partial<FeaturesState>} change */
  change(change) {
    const before = this.state;
    this.state = { ...before, ...change };
    if (this.state.network !== before.network) this.openNetwork();
    else this.refresh(before);
    this.tell();
  }

  openNetwork() {
    this.network = this.shown = this.unit = this.prediction = this.seen = this.hovered = this.effects = null;
    this.layers = [];
    this.widest = 0;
    this.asked = { widest: "", effects: "" };
    this.faults.clear();
    this.absent = this.networks.find(({ name }) => name === this.state.network)?.here === false;
    if (!this.absent) this.askNetwork(this.state);
  }

  /** The weights have come. */
  weightsCame() {
    this.networks = this.networks.map((network) =>
      network.name === this.state.network ? { ...network, here: true } : network,
    );
    this.openNetwork();
    this.tell();
  }

  /** @param {Network} network */
  onNetwork(network) {
    this.network = network;
    if (!this.networks.some(({ name }) => name === network.name)) this.networks = [network, ...this.networks];
    this.layers = [pictureOf(network), ...network.layers];
    this.absent = false;
    this.askAnswer(this.state);
    this.askLayer(this.state, this.layerName);
  }

  /** Receptive fields have come, which are asked for apart. @param {Record<string, Pick<Layer, "receptive_field" | "obstacle">>} found */
  fieldsCame(found) {
    if (this.network) this.network = { ...this.network, fields: true };
    this.layers = this.layers.map((layer) => ({ ...layer, ...found[layer.name] }));
    this.tell();
  }

  /** Asks for what a change of the state makes necessary. @param {FeaturesState} before */
  refresh(before) {
    const { state } = this;
    if (!this.network) return; // onNetwork asks for all of it
    const other = viewOf(state) !== viewOf(before);
    if (other) this.askAnswer(state);
    if (other || this.layerName !== this.resolve(before.layer)) this.askLayer(state, this.layerName);
    else if (state.unit !== before.unit) this.explain();
  }

  /** Asks for what only some orders and scales need. */
  askMore() {
    const { state, asked, layer } = this;
    const effects = this.ordersByEffect && layer ? effectsOf(state, layer.name) : asked.effects;
    const widest = this.network && state.range === "network" ? viewOf(state) : asked.widest;
    if (effects !== asked.effects && layer) this.askEffects(state, layer.name);
    if (widest !== asked.widest) this.askWidest(state);
    this.asked = { widest, effects };
  }

  /** @param {SafetensorsFile} file @param {string} layer */
  onLayer({ tensors, facts }, layer) {
    if (layer !== this.layerName) return;
    const scale = facts.layers[layer];
    if (this.shown?.layer !== layer) this.hovered = null;
    const stack = channelStack(tensors[layer], scale);
    this.shown = { layer, scale, stack, strongest: strongestPlace(stack) };
    this.explain();
  }

  explain() {
    const { shown, place } = this;
    if (shown && place) this.askUnit(this.state, shown.layer, unitFor(place, lieOf(shown)));
  }

  /** The name of the layer that is asked for. */
  get layerName() {
    return this.resolve(this.state.layer);
  }

  /** A layer's name: that of the first one worth a look where it is left open, or there is no such layer. @param {string} chosen */
  resolve(chosen) {
    const { layers } = this;
    const first = layers.find(({ operation }) => isRelu(operation)) ?? layers[1] ?? layers[0];
    return layers.find(({ name }) => name === chosen)?.name ?? first?.name ?? "";
  }

  /** What was asked for and is not there; null where all is as asked. @returns {{layer: string} | {unit: number[]} | null} */
  get stray() {
    const { state, layers, shown } = this;
    if (state.layer && layers.length && this.layerName !== state.layer) return { layer: state.layer };
    if (!shown || !state.unit || shown.layer !== this.layerName) return null;
    return this.inside(state.unit) ? null : { unit: state.unit };
  }

  /** A unit's place in the shown layer, unless it lies outside. @param {number[]} unit */
  inside(unit) {
    const { stack, scale } = /** @type {ShownLayer} */ (this.shown);
    if (unit.length !== scale.shape.length) return null;
    const place = placeOf(unit, lieOf({ scale }));
    const there = place && place.channel < stack.channels && place.row < stack.rows && place.column < stack.columns;
    return there ? place : null;
  }

  /** The layer whose maps are shown. */
  get layer() {
    return this.layers.find(({ name }) => name === this.shown?.layer);
  }

  /** The unit that is pinned; the strongest of the layer unless one was chosen. @returns {Place | null} */
  get place() {
    if (!this.shown) return null;
    return (this.state.unit && this.inside(this.state.unit)) ?? this.shown.strongest;
  }

  /** The cell that is looked at: under the cursor, else pinned. */
  get cell() {
    return this.hovered ?? this.place;
  }

  /** The scale of every map; null for each map's own. */
  get range() {
    const { low, high } = this.shown?.scale ?? { low: 0, high: 1 };
    if (this.state.range === "map") return null;
    if (this.state.range === "network" && this.widest) return { low: low < 0 ? -this.widest : 0, high: this.widest };
    return { low, high };
  }

  /** Whether the effects of the shown maps are wanted and can be told. */
  get ordersByEffect() {
    return this.state.sort === "effect" && this.layer?.reachable === true && (this.network?.classes ?? 0) > 0;
  }

  /** What the class loses without each of the shown maps; null while it is not known. */
  get effectsHere() {
    const { effects, layer, state } = this;
    return this.ordersByEffect && layer && effects?.of === effectsOf(state, layer.name) ? effects.logit : null;
  }

  /** Numbers of the shown maps in the order that was chosen; sorted again only where something changed. @returns {number[]} */
  get order() {
    if (!this.shown) return [];
    const { stack } = this.shown;
    const { sort } = this.state;
    const effects = this.effectsHere;
    const of = [stack, sort, effects];
    if (!this.sorted?.of.every((part, i) => part === of[i]))
      this.sorted = { of, order: sortChannels(stack, sort, effects) };
    return this.sorted.order;
  }

  /** Numbers of the shown maps that are switched off. */
  get off() {
    const names = this.state.muted.map((name) => name.split("~")).filter(([layer]) => layer === this.shown?.layer);
    return new Set(names.map(([, channel]) => Number(channel)));
  }

  /** How many changes were made in the network. */
  get changes() {
    return this.state.muted.length + this.state.edits.length;
  }

  /** Whether all that has a place above the fold is there, or will not come. */
  get ready() {
    const answered = this.prediction !== null || this.network?.classes === 0;
    return (
      this.absent || this.fault !== "" || (this.shown !== null && this.unit !== null && this.seen !== null && answered)
    );
  }

  /** @param {string} image */
  choosePicture(image) {
    if (image && image !== this.state.image) this.change({ image, unit: null, crop: null });
  }

  /** @param {string} network */
  chooseNetwork(network) {
    this.trail = [];
    this.change({ ...OF_A_NETWORK, network });
  }

  /** @param {string} layer */
  chooseLayer(layer) {
    this.trail = [];
    this.change({ layer, unit: null });
  }

  /** @param {import("../shared/ui/lente-map.js").Cell | null} cell */
  hover(cell) {
    this.hovered = cell;
    this.tell();
  }

  /** Pins a unit of the layer that is shown, or another part of its place. @param {Partial<Place>} part */
  pin(part) {
    this.trail = [];
    const { shown, place } = this;
    if (shown && place) this.change({ layer: shown.layer, unit: unitFor({ ...place, ...part }, lieOf(shown)) });
  }

  /** Switches the map that is looked at off, or on again. */
  toggleMap() {
    const { shown, place, state } = this;
    if (!shown || !place) return;
    const unit = unitFor(place, lieOf(shown));
    this.change({ muted: toggled(state.muted, shown.layer, place.channel), layer: shown.layer, unit });
  }

  /** Takes back every change of the network. */
  restore() {
    this.change({ muted: [], edits: [] });
  }

  /** Goes to a unit that the pinned one reads. @param {string} layer @param {number[]} unit */
  walk(layer, unit) {
    if (this.unit) this.trail = [...this.trail, { layer: this.unit.layer, unit: this.unit.unit }].slice(-LONGEST_WALK);
    this.change({ layer, unit });
  }

  back() {
    const last = this.trail.at(-1);
    this.trail = this.trail.slice(0, -1);
    if (last) this.change(last);
  }
}

/** How the layer that is shown lies. @param {Pick<ShownLayer, "scale">} shown @returns {import("../shared/units.js").Lie} */
const lieOf = ({ scale: { layout, shape, grid } }) => ({ layout, shape, grid });

/** What the effects of a layer's maps depend on. @param {FeaturesState} state @param {string} layer */
const effectsOf = (state, layer) => `${viewOf(state)} ${state.target} ${layer}`;

/** The picture as the first of the layers. @param {Network} network @returns {Layer} */
function pictureOf({ input }) {
  return {
    name: "input",
    operation: "input",
    inputs: [],
    shape: input,
    layout: "CHW",
    parameters: 0,
    macs: 0,
    receptive_field: { size: [1, 1], stride: [1, 1], start: [0, 0], whole: false },
    kernels: [],
    options: {},
    editable: false,
  };
}

/** Where the largest value is; found once, since a layer may have millions. @param {import("./maps.js").ChannelStack} stack */
function strongestPlace({ channels, rows, columns, data }) {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  const [channel, row, column] = unitOf([channels, rows, columns], best);
  return { channel, row, column };
}
