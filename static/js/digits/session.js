import { centreDigit } from "./centre_digit.js";
import { forward, judged } from "./forward.js";
import { fetchDigitNetwork } from "./server.js";

/** The layers that have weights, in every network that this page shows. */
export const WEIGHTED = ["conv1", "conv2", "dense1", "dense2"];

/**
 * @typedef {import("./forward.js").Layer} Layer
 * @typedef {import("./forward.js").Weights} Weights
 * @typedef {import("./forward.js").Activations} Activations
 * @typedef {import("../frame/address_table.js").Changes} Changes
 */

const SIDE = 28;

/**
 * A drawing and the network that reads it, with what the visitor has changed of its weights. The network runs here, on
 * the server's weights, so that a stroke waits for nobody.
 *
 * @fires read - the drawing was read again
 * @fires weights - weights were changed, or units switched
 */
export class DigitSession extends EventTarget {
  constructor() {
    super();
    /** @type {Layer[]} */ this.layers = [];
    /** The server's. @type {Weights} */ this.pristine = {};
    /** @type {Weights} */ this.weights = {};
    /** What tells digits from nothing, where somebody trained it. @type {Weights | null} */ this.judge = null;
    /** @type {import("./forward.js").Silenced} */ this.silenced = {};
    /** @type {Float32Array<ArrayBuffer>} */ this.drawing = new Float32Array(112 * 112);
    this.centre = true;
    /** A run of the learning page, whose network this is; the digit network's own if empty. */ this.learnt = "";
    /** @type {import("./centre_digit.js").PlacedDigit | null} null while nothing is drawn */ this.placed = null;
    /** @type {Activations | null} */ this.activations = null;
    this.asked = 0;
  }

  async load() {
    const { layers, weights, judge } = await fetchDigitNetwork(this.learnt);
    this.layers = layers;
    this.judge = judge;
    this.pristine = weights;
    this.weights = { ...weights };
    this.read();
  }

  /** Reads the drawing before the next frame; many calls within a frame are one. */
  soon() {
    this.asked ||= requestAnimationFrame(() => {
      if (this.asked) this.read(); // else it was read meanwhile
    });
  }

  read() {
    this.asked = 0;
    this.placed = centreDigit(this.drawing, 112);
    if (this.layers.length) this.activations = this.run(this.input);
    this.dispatchEvent(new Event("read"));
  }

  /** What the network is given, 28 x 28. */
  get input() {
    if (!this.placed) return new Float32Array(SIDE * SIDE);
    return this.centre ? this.placed.centred : this.placed.raw;
  }

  /** @param {Float32Array} picture 28 x 28 @returns {Activations} */
  run(picture) {
    return forward(
      this.layers,
      this.weights,
      { shape: [1, SIDE, SIDE], data: /** @type {Float32Array<ArrayBuffer>} */ (picture) },
      this.silenced,
    );
  }

  /** What is made of the drawing; null while nothing is drawn. @returns {import("../shared/sureness.js").Reading | null} */
  get reading() {
    if (!this.placed || !this.activations) return null;
    const { softmax, flatten } = this.activations;
    return {
      probabilities: /** @type {Float32Array} */ (softmax.data),
      judged: this.judge && judged(this.judge, flatten),
    };
  }

  /** The scores before softmax; null while nothing is drawn. */
  get scores() {
    return this.placed ? (this.activations?.dense2.data ?? null) : null;
  }

  /** Whether the network is no longer the server's. */
  get edited() {
    return (
      Object.keys(this.weights).some((name) => this.weights[name] !== this.pristine[name]) ||
      Object.values(this.silenced).some((list) => list.length > 0)
    );
  }

  /**
   * @param {string} layer
   * @param {"weight" | "bias"} part
   * @param {Record<number, number>} values new ones by their place
   */
  change(layer, part, values) {
    const own = this.weights[layer];
    const data = own[part].data.slice();
    for (const [index, value] of Object.entries(values)) data[Number(index)] = value;
    this.weights = { ...this.weights, [layer]: { ...own, [part]: { shape: own[part].shape, data } } };
    this.changed();
  }

  /**
   * @param {string} layer
   * @param {number} index of a map or unit
   * @param {boolean} off
   */
  silence(layer, index, off) {
    const rest = (this.silenced[layer] ?? []).filter((other) => other !== index);
    this.silenced = { ...this.silenced, [layer]: off ? [...rest, index] : rest };
    this.changed();
  }

  /** What is switched off, as the address names it. @returns {string[]} */
  get muted() {
    return Object.entries(this.silenced).flatMap(([layer, list]) => list.map((index) => `${layer}~${index}`));
  }

  /** The weights that are not the server's; undefined where all are. @returns {Changes | undefined} */
  get changes() {
    /** @type {Changes} */
    const found = {};
    for (const [layer, parts] of Object.entries(this.weights)) {
      if (parts === this.pristine[layer]) continue;
      const of = (/** @type {"weight" | "bias"} */ part) =>
        differing(parts[part].data, this.pristine[layer][part].data);
      found[layer] = { weight: of("weight"), bias: of("bias") };
    }
    return Object.keys(found).length ? found : undefined;
  }

  /** The server's network with what of it was changed. @param {Changes} changes @param {string[]} muted */
  comeBack(changes, muted) {
    const { edited } = this;
    this.weights = { ...this.pristine };
    for (const [layer, parts] of Object.entries(changes)) {
      if (!(layer in this.weights)) continue;
      const own = this.weights[layer];
      this.weights[layer] = {
        weight: { ...own.weight, data: changed(own.weight.data, parts.weight) },
        bias: { ...own.bias, data: changed(own.bias.data, parts.bias) },
      };
    }
    this.silenced = {};
    for (const [layer, index] of muted.map((name) => name.split("~")))
      if (layer in this.weights) this.silenced[layer] = [...(this.silenced[layer] ?? []), Number(index)];
    this.dispatchEvent(new Event("weights"));
    if (edited || this.edited) this.soon();
  }

  /** The server's network again. */
  reset() {
    this.weights = { ...this.pristine };
    this.silenced = {};
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("weights"));
    this.soon();
  }
}

/** @typedef {import("../shared/safetensors.js").Tensor["data"]} Data */

/** @param {Data} data @param {Data} pristine @returns {Record<number, number>} by place */
function differing(data, pristine) {
  /** @type {Record<number, number>} */
  const found = {};
  for (let at = 0; at < data.length; at++) if (data[at] !== pristine[at]) found[at] = data[at];
  return found;
}

/** @param {Data} data @param {Record<number, number>} values by place @returns {Data} */
function changed(data, values) {
  const copy = data.slice();
  for (const [at, value] of Object.entries(values)) if (Number(at) < copy.length) copy[Number(at)] = value;
  return copy;
}
