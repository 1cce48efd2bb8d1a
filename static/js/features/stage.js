import { newest } from "../shared/newest.js";
import { LenteElement } from "../frame/element.js";
import { ApiError, fetchTensors } from "../shared/server/api.js";
import { placeOf, unitFor, unitOf } from "../shared/units.js";
import { channelStack } from "./maps.js";
import {
  address,
  effectsAddress,
  fetchAnswer,
  fetchLayer,
  fetchNetwork,
  fetchNetworks,
  fetchUnit,
  fetchWidestRange,
} from "./server.js";

/**
 * @typedef {import("./server.js").Layer} Layer
 * @typedef {import("./server.js").Network} Network
 * @typedef {import("./maps.js").ChannelOrder} ChannelOrder
 *
 * @typedef {object} FeaturesState
 * @property {string} network
 * @property {string} image
 * @property {string} layer "" for the first one that is worth a look
 * @property {number[] | null} unit the layer's strongest if null
 * @property {number[] | null} crop first row, first column and side; null for the middle
 * @property {number[] | null} normalisation mean of each channel, then standard deviation of each; null for the network's own
 * @property {"layer" | "map" | "network"} range
 * @property {ChannelOrder} sort
 * @property {string[]} muted
 * @property {import("../frame/edit_codec.js").Edit[]} edits
 * @property {import("./why_words.js").Method} method
 * @property {number | null} target index of the class that is asked about; null for the most likely
 * @property {string} camlayer of Grad-CAM; "" for the last with maps
 * @property {import("./why_words.js").Baseline} baseline
 * @property {number | null} window side of occlusion's square; null for a seventh of the picture
 * @property {boolean} random whether the answer of random weights stands beside
 * @property {string} second a picture to compare with; "" for one that comes along
 */

/**
 * What the features page looks at and has fetched: the state, the network, one layer's maps, one unit's terms.
 *
 * @fires state - the whole state, whenever it changes
 */
export class FeaturesStage extends LenteElement {
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
    effects: { state: true },
    fault: { state: true },
    absent: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState} */ this.state = {
      network: "photo_cnn",
      image: "sample-cat",
      layer: "",
      unit: null,
      crop: null,
      normalisation: null,
      range: "layer",
      sort: "number",
      muted: [],
      edits: [],
      method: "grad_cam",
      target: null,
      camlayer: "",
      baseline: "black",
      window: null,
      random: false,
      second: "",
    };
    /** @type {Network[]} */ this.networks = [];
    /** @type {Network | null} */ this.network = null;
    /** @type {import("../shared/safetensors.js").SafetensorsFile | null} */ this.seen = null;
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** The layer whose maps are shown. @type {{layer: string, stack: import("./maps.js").ChannelStack, scale: Record<string, any>, strongest: import("../shared/units.js").Place} | null} */ this.shown =
      null;
    /** The pinned unit, its terms and field, or why there are none. @type {{layer: string, unit: number[], explanation: import("./server.js").Explanation | null, field: Record<string, any> | null, refusal: string} | null} */ this.unit =
      null;
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.hovered = null;
    this.widest = 0;
    /** What the class loses without each map of a layer, by the address that said so. @type {{path: string, logit: ArrayLike<number>} | null} */ this.effects =
      null;
    this.fault = "";
    /** Whether the weights are still to be fetched. */ this.absent = false;
    /** The effects that were asked for. */ this.asked = "";
    /** Where the walk came from. @type {{layer: string, unit: number[] | null}[]} */ this.trail = [];
    const failed = (/** @type {Error} */ error) => this.failed(error);
    this.loadNetwork = newest(
      (/** @type {string} */ name) => fetchNetwork(name),
      (network) => this.onNetwork(network),
      failed,
    );
    this.loadAnswer = newest(
      (/** @type {FeaturesState} */ state) => fetchAnswer(state, this.network?.classes ?? 0),
      ([seen, prediction]) => Object.assign(this, { seen, prediction, fault: "" }),
      failed,
    );
    this.loadLayer = newest(
      (/** @type {FeaturesState} */ state, /** @type {string} */ layer) => fetchLayer(state, layer),
      (file, _, layer) => this.onLayer(file, layer),
      failed,
    );
    this.loadUnit = newest(
      (/** @type {FeaturesState} */ state, /** @type {string} */ layer, /** @type {number[]} */ unit) =>
        fetchUnit(state, layer, unit),
      (found, _, layer, unit) => (this.unit = { layer, unit, ...found }),
      failed,
    );
    this.loadEffects = newest(
      (/** @type {string} */ path) => fetchTensors(path),
      ({ tensors }, path) => (this.effects = { path, logit: tensors.logit.data }),
      failed,
    );
    this.loadWidest = newest(
      (/** @type {FeaturesState} */ state) => fetchWidestRange(state),
      (high) => (this.widest = high),
      failed,
    );
  }

  firstUpdated() {
    const inBox = this.state.network === "photo_cnn";
    if (inBox) this.loadNetwork(this.state.network);
    // What is not in the box may lack its weights: the list says so without an error.
    fetchNetworks().then(
      (networks) => {
        this.networks = networks;
        if (!inBox) this.openNetwork();
      },
      (error) => this.failed(error),
    );
  }

  /** @param {Partial<FeaturesState>} change */
  change(change) {
    const before = this.state;
    this.state = { ...before, ...change };
    this.emit("state", this.state);
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
    this.networks = this.networks.map((network) =>
      network.name === this.state.network ? { ...network, here: true } : network,
    );
    this.openNetwork();
  }

  /** Fetches what a change of the state makes necessary. @param {FeaturesState} before */
  refresh(before) {
    const { state } = this;
    if (!this.network) return; // onNetwork asks for all of it
    const other = address(state, "input") !== address(before, "input");
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

  /** @param {import("../shared/safetensors.js").SafetensorsFile} file @param {string} layer */
  onLayer({ tensors, facts }, layer) {
    if (layer !== this.layerName) return;
    const scale = facts.layers[layer];
    if (this.shown?.layer !== layer) this.hovered = null;
    const stack = channelStack(tensors[layer], scale.layout);
    this.shown = { layer, scale, stack, strongest: strongestPlace(stack) };
    this.fault = "";
    this.explain();
  }

  /** Where the effects of the shown layer's maps are asked; "" where they are not wanted, or cannot be told. */
  get effectsPath() {
    const { state, shown } = this;
    const layer = this.layers.find(({ name }) => name === shown?.layer);
    if (state.sort !== "effect" || !layer?.reachable || !this.network?.classes) return "";
    return effectsAddress(state, layer.name);
  }

  updated() {
    const { effectsPath } = this;
    if (effectsPath === this.asked) return;
    this.asked = effectsPath;
    if (effectsPath && effectsPath !== this.effects?.path) this.loadEffects(effectsPath);
  }

  explain() {
    if (this.shown)
      this.loadUnit(this.state, this.shown.layer, this.place ? unitFor(this.place, this.shown.scale.layout) : [0]);
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
    const picture = {
      name: "input",
      operation: "input",
      inputs: [],
      shape: input,
      layout: "CHW",
      parameters: 0,
      macs: 0,
      kernels: [],
      options: {},
      editable: false,
    };
    return [
      { ...picture, receptive_field: { size: [1, 1], stride: [1, 1], start: [0, 0], whole: false } },
      ...this.network.layers,
    ];
  }

  get layerName() {
    const first = this.network?.layers.find(({ operation }) => operation === "relu") ?? this.network?.layers[0];
    return this.layers.find(({ name }) => name === this.state.layer)?.name ?? first?.name ?? "";
  }

  /** The unit that is pinned; the strongest of the layer unless one was chosen. @returns {import("../shared/units.js").Place | null} */
  get place() {
    if (!this.shown) return null;
    const { stack, scale, strongest } = this.shown;
    const chosen = this.state.unit && placeOf(this.state.unit, scale.layout);
    if (chosen && chosen.channel < stack.channels && chosen.row < stack.rows && chosen.column < stack.columns)
      return chosen;
    return strongest;
  }

  /** Of every map; null for each map's own. */
  get range() {
    const { low, high } = this.shown?.scale ?? { low: 0, high: 1 };
    if (this.state.range === "map") return null;
    if (this.state.range === "network" && this.widest) return { low: low < 0 ? -this.widest : 0, high: this.widest };
    return { low, high };
  }
}

/** Where the largest value is; found once, since a layer may have millions. @param {import("./maps.js").ChannelStack} stack */
function strongestPlace({ channels, rows, columns, data }) {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  const [channel, row, column] = unitOf([channels, rows, columns], best);
  return { channel, row, column };
}
