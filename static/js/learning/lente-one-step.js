import { html, nothing } from "vendor/lit";
import { accepting, listOf, numberFrom, oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { centreDigit } from "../digits/centre_digit.js";
import { forward } from "../digits/forward.js";
import { sampleDigit } from "../digits/samples.js";
import { fetchDigitNetwork } from "../digits/server.js";
import { unitWords } from "../shared/layer_words.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { unitIndex } from "../shared/units.js";
import { ofPicture } from "./came_in.js";
import { fetchDescent, fetchGradients, fetchUnit, fetchWeight } from "./server.js";
import { SOURCES } from "./lente-step-picture.js";
import "../digits/flat/lente-network-2d.js";
import "./lente-loss-plane.js";
import "./lente-step-descent.js";
import "./lente-step-unit.js";
import "./lente-step-weight.js";

/**
 * @typedef {import("./server.js").Batch} Batch
 * @typedef {import("./server.js").Sum} Sum
 * @typedef {import("./server.js").Descent} Descent
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 * @typedef {import("../digits/forward.js").Layer} Layer
 */

const SIDE = 112;
const MANY = 16;
const TERMS = 500;
const CALM = 150;
const FIRST_LAYER = "pool1";
const FIRST_UNIT = [4, 3, 5];
const FIRST_WEIGHT = [0, 0, 2, 2];
const MOST_DIGIT = 59_999;

/** @param {string} parameter @param {number[]} index */
const named = (parameter, index) => `${parameter} ${index}`;

/** Whether a place is one of a tensor of such a shape. @param {number[]} place @param {number[] | undefined} shape */
const isWithin = (place, shape) => place.length === shape?.length && place.every((at, axis) => at < shape[axis]);

/**
 * The way back from the loss: every unit painted by what comes back to it, any weight's gradient as a sum, and what one step
 * does. Rendered in the page.
 */
export class LenteOneStep extends LenteElement {
  static properties = {
    source: { state: true },
    digit: { state: true },
    label: { state: true },
    picture: { state: true },
    layer: { state: true },
    unit: { state: true },
    index: { state: true },
    rate: { state: true },
    nudge: { state: true },
    gradients: { state: true },
    unitSum: { state: true },
    weightSum: { state: true },
    descent: { state: true },
    fault: { state: true },
    stray: { state: true },
    channel: { state: true },
  };

  constructor() {
    super();
    /** @type {"one" | "many" | "drawing"} */ this.source = "one";
    /** Of MNIST's digits to learn from. */ this.digit = 0;
    /** What the drawing is said to be. */ this.label = 3;
    /** Which picture of several is looked at. */ this.picture = 0;
    this.layer = FIRST_LAYER;
    this.unit = FIRST_UNIT;
    /** Of the weight, in the parameter of its layer. @type {number[]} */ this.index = FIRST_WEIGHT;
    this.rate = 0.1;
    this.nudge = 0.01;
    /** Of a kernel, the input's channel that is shown. */ this.channel = 0;
    /** @type {import("../shared/safetensors.js").SafetensorsFile | null} */ this.gradients = null;
    /** @type {Sum | null} */ this.unitSum = null;
    /** @type {(Sum & {of: string}) | null} */ this.weightSum = null;
    /** @type {(Descent & {of: string}) | null} */ this.descent = null;
    this.fault = "";
    /** What the address asks for and this network has not. */ this.stray = "";
    /** @type {number[] | null} */ this.drawn = null;
    this.hovered = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    /** @type {Awaited<ReturnType<typeof fetchDigitNetwork>> | null} */ this.network = null;
    const isPlace = listOf(wholeFrom(0));
    addressed(
      this,
      {
        source: { name: "pictures", first: "one", accepts: oneOf(SOURCES.map(([name]) => name)) },
        digit: { name: "trained", first: 0, accepts: wholeFrom(0, MOST_DIGIT) },
        label: { name: "label", first: 3, accepts: wholeFrom(0, 9) },
        picture: { name: "picture", first: 0, accepts: wholeFrom(0, MANY - 1) },
        layer: { name: "layer", first: FIRST_LAYER },
        unit: { name: "unit", first: FIRST_UNIT, accepts: isPlace },
        index: { name: "index", first: FIRST_WEIGHT, accepts: isPlace },
        rate: { name: "steprate", first: 0.1, accepts: numberFrom(1e-6, 100) },
        nudge: {
          name: "nudge",
          first: 0.01,
          accepts: accepting((by) => Math.abs(by) >= 1e-4 && Math.abs(by) <= 1, "near", { least: 1e-4, most: 1 }),
        },
      },
      () => {
        this.settle();
        this.ask();
      },
    );
    /** What the gradients that are shown are of. @type {Pick<LenteOneStep, "source" | "digit" | "label" | "picture"> | null} */ this.came =
      null;
    const failed = (/** @type {Error} */ error) => (this.fault = error.message);
    this.load = newest(
      fetchGradients,
      (gradients) => {
        const { source, digit, label, picture } = this;
        Object.assign(this, { gradients, came: { source, digit, label, picture }, fault: "" });
        this.askPanels();
      },
      (error) => Object.assign(this, this.came, { fault: error.message }),
    );
    this.loadUnit = newest(fetchUnit, (sum) => (this.unitSum = sum), failed);
    this.loadWeight = newest(
      fetchWeight,
      (sum, _, parameter, index) => (this.weightSum = { ...sum, of: named(parameter, index) }),
      failed,
    );
    this.loadDescent = newest(
      fetchDescent,
      (descent, _, parameter, index) => (this.descent = { ...descent, of: named(parameter, index) }),
      failed,
    );
    this.near = new Near(this, () => this.begin());
  }

  async begin() {
    try {
      this.network = await fetchDigitNetwork();
      this.settle();
      await this.updateComplete;
      const pad = this.pad;
      if (pad) {
        await pad.updateComplete;
        if (!pad.restore()) pad.load({ strokes: sampleDigit(3) });
      }
      this.ask();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** What the address named and this network has not is said, and the first is shown in its place. */
  settle() {
    if (!this.network) return;
    const says = [this.settleUnit(), this.settleWeight()];
    this.stray = says.filter(Boolean).join(" ");
  }

  settleUnit() {
    if (isWithin(this.unit, this.shapeOf(this.layer))) return "";
    const asked = [this.layer, ...(this.unit === FIRST_UNIT ? [] : this.unit)].join(", ");
    Object.assign(this, { layer: FIRST_LAYER, unit: FIRST_UNIT });
    return t("This network has no unit “{asked}”: {shown} is shown.", {
      asked,
      shown: unitWords(FIRST_LAYER, FIRST_UNIT),
    });
  }

  settleWeight() {
    const layer = this.weighted?.name ?? "";
    const shape = this.weightOf(layer)?.shape;
    if (isWithin(this.index, shape)) return "";
    const asked = this.index;
    this.index = this.firstIndex(layer, this.unit);
    if (asked === FIRST_WEIGHT) return "";
    return t("{layer} has no weight “{asked}”, its size is {shape}: {shown} is shown.", {
      layer,
      asked: asked.join(", "),
      shape: (shape ?? []).join(" × "),
      shown: this.index.join(", "),
    });
  }

  get pad() {
    return /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing | null} */ (
      this.querySelector("lente-drawing")
    );
  }

  /** @returns {Batch} */
  get batch() {
    if (this.source === "drawing")
      return { pictures: this.drawn ? [this.drawn] : [], labels: [this.label], digits: [] };
    const count = this.source === "many" ? MANY : 1;
    return {
      pictures: [],
      labels: [],
      digits: Array.from({ length: count }, (_, i) => (this.digit + i) % (MOST_DIGIT + 1)),
    };
  }

  /** Asks for all of it again; an empty pad is no picture. */
  ask() {
    if (!this.network) return;
    if (this.source === "drawing" && !this.drawn) return void (this.gradients = null);
    if (this.source !== "many") this.picture = 0;
    this.load(this.batch);
  }

  /** The terms of what is chosen. */
  askPanels() {
    if (!this.gradients) return;
    if (this.layer !== "softmax") this.loadUnit(this.batch, this.layer, this.unit, this.picture, TERMS);
    this.askWeight();
  }

  askWeight() {
    const parameter = this.parameter;
    if (!parameter || !this.gradients) return;
    this.loadWeight(this.batch, parameter, this.index, 12);
    this.loadDescent(this.batch, parameter, this.index, this.rate, this.nudge);
  }

  /** The weights of the layer that is looked at, or of the last one before it that has some. */
  get weighted() {
    const layers = this.network?.layers ?? [];
    const at = layers.findIndex(({ name }) => name === this.layer);
    return layers.slice(0, at + 1).findLast(({ parameters }) => parameters > 0) ?? layers[0];
  }

  get parameter() {
    return this.weighted ? `${this.weighted.name}.weight` : "";
  }

  /** Which weight is looked at. */
  get weight() {
    return named(this.parameter, this.index);
  }

  /** @param {string} layer */
  weightOf(layer) {
    return this.network?.weights[layer]?.weight;
  }

  /** @param {string} layer */
  shapeOf(layer) {
    return layer === "input" ? [1, 28, 28] : this.network?.layers.find(({ name }) => name === layer)?.shape;
  }

  /** The weight of a unit's kernel, or row, that is shown first. @param {string} layer @param {number[]} unit */
  firstIndex(layer, unit) {
    const shape = this.weightOf(layer)?.shape ?? [];
    return shape.map((size, axis) => (axis === 0 ? unit[0] : axis === 1 ? 0 : Math.floor(size / 2)));
  }

  /** @param {{layer: string, unit: number[]}} place */
  pin({ layer, unit }) {
    const before = this.weighted?.name;
    this.stray = "";
    this.layer = layer === "softmax" ? "dense2" : layer;
    this.unit = unit;
    const weighted = this.weighted?.name ?? "";
    const shape = this.weightOf(weighted)?.shape ?? [];
    if (before !== weighted) [this.index, this.channel] = [this.firstIndex(weighted, [0]), 0];
    if (layer === weighted && this.index[0] !== unit[0] && unit[0] < shape[0])
      this.index = [unit[0], ...this.index.slice(1)];
    this.askPanels();
  }

  /** @param {number[]} index */
  choose(index) {
    this.stray = "";
    this.index = index;
    this.askWeight();
  }

  /** What came back to every layer, for the picture that is looked at. @returns {Record<string, Tensor> | null} */
  get cameBack() {
    const tensors = this.gradients?.tensors;
    if (!tensors || !this.network) return null;
    const names = ["input", ...this.network.layers.map(({ name }) => name)].filter((name) => name in tensors);
    return Object.fromEntries(names.map((name) => [name, ofPicture(tensors[name], this.picture)]));
  }

  /** What every layer says to the picture that is looked at. */
  get activations() {
    if (!this.gradients || !this.network) return null;
    const data = Float32Array.from(ofPicture(this.gradients.tensors.pictures, this.picture).data);
    return forward(this.network.layers, this.network.weights, { shape: [1, 28, 28], data });
  }

  render() {
    return html`${notice(this.fault)}${notice(this.stray)}
      <div class="step-columns">
        <section aria-label=${t("The picture and its label")}>
          <lente-step-picture
            class="step-source"
            .source=${this.source}
            .label=${this.label}
            .picture=${this.picture}
            .gradients=${this.gradients}
            @draw=${this.onDraw}
            @take=${(/** @type {CustomEvent<{source?: "one" | "many" | "drawing", label?: number}>} */ event) => this.take(event.detail)}
            @next=${this.next}
            @look-at=${this.onLookAt}
          ></lente-step-picture>
        </section>
        <section class="step-net" aria-label=${t("What comes back")}>${this.netPanel()}</section>
        <section class="step-unit" aria-label=${t("What came back to one unit")}>
          <lente-step-unit
            .sum=${this.gradients && this.unitSum}
            .layer=${this.unitSum?.layer ?? this.layer}
            .unit=${this.unitSum?.unit ?? this.unit}
            .layers=${this.network?.layers ?? []}
            .pictures=${this.gradients?.facts.labels.length ?? 1}
            @walk=${(/** @type {CustomEvent<{layer: string, unit: number[]}>} */ event) => this.pin(event.detail)}
          ></lente-step-unit>
        </section>
      </div>
      <div class="step-below">
        ${this.weightPanel()}
        <lente-step-descent
          .descent=${this.gradients && this.descent}
          ?old=${this.descent?.of !== this.weight}
          .rate=${this.rate}
          .nudge=${this.nudge}
          @move=${(/** @type {CustomEvent<Partial<Pick<LenteOneStep, "rate" | "nudge">>>} */ event) => this.move(event.detail)}
        ></lente-step-descent>
      </div>
      <lente-loss-plane
        .batch=${this.gradients ? this.batch : null}
        .layer=${this.weighted?.name ?? ""}
        .index=${this.index}
        .gradient=${this.gradients?.tensors[this.parameter] ?? null}
        .bias=${this.gradients?.tensors[`${this.weighted?.name}.bias`] ?? null}
        .rate=${this.rate}
      ></lente-loss-plane>`;
  }

  weightPanel() {
    const { weighted, network } = this;
    const layers = network?.layers ?? [];
    const at = layers.findIndex(({ name }) => name === weighted?.name);
    return html`<lente-step-weight
      .sum=${this.gradients && this.weightSum}
      ?old=${this.weightSum?.of !== this.weight}
      .layer=${weighted ?? null}
      .gradient=${this.gradients?.tensors[this.parameter] ?? null}
      .index=${this.index}
      .input=${this.activations?.[at > 0 ? layers[at - 1].name : "input"] ?? null}
      .back=${this.cameBack?.[weighted?.name ?? ""] ?? null}
      .picture=${this.picture}
      @choose=${(/** @type {CustomEvent<number[]>} */ event) => this.choose(event.detail)}
      @look-at=${this.onLookAt}
    ></lente-step-weight>`;
  }

  netPanel() {
    const { cameBack, network } = this;
    const shape = this.shapeOf(this.layer) ?? [];
    const explained = this.unitSum?.layer === this.layer && String(this.unitSum.unit) === String(this.unit);
    const terms = explained ? (this.unitSum?.terms ?? []).filter(({ layer }) => layer !== null) : [];
    const selected = { layer: this.layer, index: unitIndex(shape, this.unit) };
    const waits = !this.gradients && !this.fault && (this.source !== "drawing" || this.drawn);
    return html`${waits ? html`<p class="empty">${t("The way back is being computed…")}</p>` : nothing}
      <lente-network-2d
        signed
        .layers=${(network?.layers ?? []).filter(({ name }) => name !== "softmax")}
        .activations=${cameBack}
        .weights=${network?.weights ?? null}
        .selected=${selected}
        .explain=${(/** @type {{layer: string, index: number}} */ place) => (place.layer === selected.layer && place.index === selected.index ? terms : [])}
        @unit-pin=${(/** @type {CustomEvent<{layer: string, unit: number[]}>} */ event) => this.pin(event.detail)}
        @unit-hover=${this.onHover}
      ></lente-network-2d>
      <p class="small">
        <output aria-live="off" data-part="hover">${this.hovered ?? nothing}</output>
      </p>`;
  }

  /** @param {CustomEvent<{layer: string, unit: number[]} | null>} event */
  onHover({ detail }) {
    const tensor = detail && this.cameBack?.[detail.layer];
    this.hovered =
      tensor && detail
        ? t("{unit}: {value} came back", {
            unit: unitWords(detail.layer, detail.unit),
            value: formatNumber(tensor.data[unitIndex(tensor.shape, detail.unit)]),
          })
        : "";
    this.requestUpdate();
  }

  /** @param {{source?: "one" | "many" | "drawing", label?: number}} taken */
  take(taken) {
    Object.assign(this, taken);
    this.ask();
  }

  next() {
    this.digit = (this.digit + (this.source === "many" ? MANY : 1)) % (MOST_DIGIT + 1);
    this.ask();
  }

  /** @param {CustomEvent<number>} event */
  onLookAt({ detail }) {
    this.picture = detail;
    this.askPanels();
  }

  /** @param {CustomEvent<{values: Float32Array}>} event */
  onDraw({ detail }) {
    const placed = centreDigit(detail.values, SIDE);
    this.drawn = placed ? Array.from(placed.centred) : null;
    clearTimeout(this.timer);
    if (this.source === "drawing") this.timer = setTimeout(() => this.ask(), CALM);
  }

  /** @param {Partial<Pick<LenteOneStep, "rate" | "nudge">>} setting */
  move(setting) {
    Object.assign(this, setting);
    this.loadDescent(this.batch, this.parameter, this.index, this.rate, this.nudge);
  }
}

customElements.define("lente-one-step", LenteOneStep);
