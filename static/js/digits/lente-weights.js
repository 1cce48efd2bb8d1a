import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { oneOf, wholeFrom } from "../frame/accepted.js";
import { addressed, tellStray } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { repaintOnTheme, theme } from "../frame/theme.js";
import { colourMap, colourise, valueRange } from "../shared/colours.js";
import { formatNumber } from "../shared/numbers.js";
import { unitOf } from "../shared/units.js";
import { WEIGHTED } from "./session.js";
import { kernelSheet } from "./kernel_sheet.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-number.js";
import "./lente-reading.js";

/** @typedef {import("./session.js").DigitSession} DigitSession */

/**
 * All weights of a layer, to look at and to change: a weight, a bias, a whole kernel; or a unit switched off. Rendered in
 * the page.
 */
export class LenteWeights extends LenteElement {
  static properties = {
    session: { attribute: false },
    layer: { type: String },
    weight: { state: true },
    version: { state: true },
  };

  constructor() {
    super();
    /** @type {DigitSession | null} */ this.session = null;
    this.layer = "conv1";
    /** Place of the weight that is being looked at. */ this.weight = 0;
    this.version = 0;
    addressed(this, {
      layer: { name: "weightlayer", first: "conv1", accepts: oneOf(WEIGHTED) },
      weight: { name: "weight", first: 0, accepts: wholeFrom(0) },
    });
    repaintOnTheme(this, () => this.paint());
    this.onWeights = () => this.visible && this.version++;
    this.visible = false;
    this.watcher = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      this.version++;
    });
  }

  connectedCallback() {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
    for (const event of ["weights", "read"]) this.session?.removeEventListener(event, this.onWeights);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("session"))
      for (const event of ["weights", "read"]) this.session?.addEventListener(event, this.onWeights);
    const { session, layer } = this;
    if (session && !(layer in session.weights)) this.layer = "conv1";
    const most = (this.own?.weight.data.length ?? Infinity) - 1;
    if (this.weight <= most) return;
    tellStray("weight", wholeFrom(0, most));
    this.weight = 0;
  }

  /** The layer's weights and bias. */
  get own() {
    return this.session?.weights[this.layer];
  }

  render() {
    const { session, own } = this;
    if (!session || !own) return nothing;
    const { width, height } = kernelSheet(own.weight.shape);
    const { low, high } = valueRange([...own.weight.data, -1e-9]);
    return html` <div class="row weights-tools">
        <span class="segments" role="group" aria-label=${t("Layer")}
          >${Object.keys(session.weights).map((name) => html`<button type="button" aria-pressed=${name === this.layer} @click=${() => this.choose(name)}>${name}</button>`)}</span
        >
        <lente-legend .low=${low} .high=${high}></lente-legend>
        <button type="button" ?disabled=${!session.edited} @click=${() => session.reset()}>
          ${t("Reset all weights")}
        </button>
      </div>
      <lente-reading class="answers" .session=${session}></lente-reading>
      <figure class="weights-sheet">
        <div class="sheet" style=${styleMap({ aspectRatio: `${width} / ${height}` })}>
          <canvas
            width=${width}
            height=${height}
            tabindex="0"
            role="application"
            aria-label=${t("All weights of {layer}", { layer: this.layer })}
            @pointerdown=${this.onPoint}
            @keydown=${this.onKey}
          ></canvas
          >${this.mark(width, height)}
        </div>
        <figcaption>${this.caption}</figcaption>
        ${this.made(unitOf(own.weight.shape, this.weight)[0])}
      </figure>
      ${this.editor(own)}`;
  }

  /** @param {string} layer */
  choose(layer) {
    Object.assign(this, { layer, weight: 0 });
  }

  get caption() {
    const shape = this.own?.weight.shape ?? [];
    if (shape[1] === 1)
      return t("{outputs} kernels, one for each map that {layer} makes.", { outputs: shape[0], layer: this.layer });
    return shape.length === 4
      ? t("{outputs} columns, one for each map that {layer} makes; {inputs} rows, one for each map that it reads.", {
          outputs: shape[0],
          inputs: shape[1],
          layer: this.layer,
        })
      : t("{outputs} rows, one for each unit of {layer}; {inputs} columns, one for each number that it reads.", {
          outputs: shape[0],
          inputs: shape[1],
          layer: this.layer,
        });
  }

  /** The square around the kernel, or the unit's row, that is being looked at. @param {number} width @param {number} height */
  mark(width, height) {
    const { shape } = /** @type {import("../shared/safetensors.js").Tensor} */ (this.own?.weight);
    const sheet = kernelSheet(shape);
    const { row, column } = sheet.placeOf(this.weight);
    const [rows, columns] = shape.length === 4 ? shape.slice(2) : [1, 1];
    const [top, left] =
      shape.length === 4 ? [row - (row % (rows + 1)), column - (column % (columns + 1))] : [row, column];
    const box = {
      left: `${(100 * left) / width}%`,
      top: `${(100 * top) / height}%`,
      width: `${(100 * columns) / width}%`,
      height: `${(100 * rows) / height}%`,
    };
    return html`<span class="mark" style=${styleMap(box)}></span>`;
  }

  /** @param {{weight: import("../shared/safetensors.js").Tensor, bias: import("../shared/safetensors.js").Tensor}} own */
  editor({ weight, bias }) {
    const [output, input] = unitOf(weight.shape, this.weight);
    const off = this.session?.silenced[this.layer]?.includes(output) ?? false;
    const kernel = weight.shape.length === 4;
    return html`<div class="stack weight-editor">
      <h3>${this.heading(weight.shape, output, input)}</h3>
      ${kernel ? this.kernel(weight) : this.field(this.weight, weight.data[this.weight], t("weight"))}
      <label class="row">${t("bias")} ${this.number("bias", output, bias.data[output], t("bias"))}</label>
      <label
        ><input
          type="checkbox"
          .checked=${off}
          @change=${(/** @type {Event} */ event) => this.session?.silence(this.layer, output, /** @type {HTMLInputElement} */ (event.target).checked)}
        />
        ${kernel ? t("Switch map {output} off", { output }) : t("Switch unit {output} off", { output })}</label
      >
      ${
        kernel
          ? html`<div class="row">
              <button type="button" @click=${() => this.each(() => 0)}>${t("All 0")}</button
              ><button type="button" @click=${() => this.each((value) => -value)}>${t("Turn the signs")}</button>
              <button
                type="button"
                @click=${() => this.each((_, at) => this.session?.pristine[this.layer].weight.data[at] ?? 0)}
              >
                ${t("As trained")}
              </button>
            </div>`
          : nothing
      }
      <p class="small">
        ${t("Drag a number sideways, or type. What the network makes of your drawing follows at once.")}
      </p>
    </div>`;
  }

  /** @param {number[]} shape @param {number} output @param {number} input */
  heading(shape, output, input) {
    const { layer } = this;
    if (shape.length !== 4) return t("{layer}: unit {output}, reading {input}", { layer, output, input });
    return shape[1] === 1
      ? t("{layer}: map {output}, reading the picture", { layer, output })
      : t("{layer}: map {output}, reading map {input}", { layer, output, input });
  }

  /** What the kernel's map, or the unit, makes of the drawing now. @param {number} output */
  made(output) {
    const tensor = this.session?.activations?.[this.layer];
    if (!tensor) return nothing;
    const [, height, width] = tensor.shape;
    if (!height)
      return html`<output aria-live="off">${this.layer}[${output}] = ${formatNumber(tensor.data[output], 4)}</output>`;
    const data = /** @type {Float32Array} */ (tensor.data).subarray(
      output * height * width,
      (output + 1) * height * width,
    );
    return html`<div class="made">
      <lente-map
        .tensor=${{ shape: [height, width], data }}
        .range=${valueRange(tensor.data)}
        still
        label=${t("Map {output} of {layer}", { output, layer: this.layer })}
      ></lente-map>
      <span class="small">${t("Map {output}: what this makes of your drawing.", { output })}</span>
    </div>`;
  }

  /** @param {import("../shared/safetensors.js").Tensor} weight */
  kernel({ shape, data }) {
    const first = this.first;
    const columns = shape[3];
    return html`<div
      class="kernel-numbers"
      style=${styleMap({ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` })}
    >
      ${Array.from({ length: shape[2] * columns }, (_, i) => this.number("weight", first + i, data[first + i], t("row {row}, column {column}", { row: Math.floor(i / columns), column: i % columns })))}
    </div>`;
  }

  /** Place of the first weight of the kernel that is being looked at. */
  get first() {
    const shape = this.own?.weight.shape ?? [];
    const size = shape.length === 4 ? shape[2] * shape[3] : 1;
    return this.weight - (this.weight % size);
  }

  /** @param {number} at @param {number} value @param {string} label */
  field(at, value, label) {
    return html`<label class="row">${label} ${this.number("weight", at, value, label)}</label>`;
  }

  /** @param {"weight" | "bias"} part @param {number} at @param {number} value @param {string} label */
  number(part, at, value, label) {
    return html`<lente-number
      .value=${Number(value.toFixed(4))}
      .step=${0.05}
      .label=${label}
      @number=${(/** @type {CustomEvent<number>} */ event) => this.session?.change(this.layer, part, { [at]: event.detail })}
    ></lente-number>`;
  }

  /** Changes every weight of the kernel. @param {(value: number, at: number) => number} change */
  each(change) {
    const { shape, data } = /** @type {import("../shared/safetensors.js").Tensor} */ (this.own?.weight);
    const { first } = this;
    const places = Array.from({ length: shape[2] * shape[3] }, (_, i) => first + i);
    this.session?.change(this.layer, "weight", Object.fromEntries(places.map((at) => [at, change(data[at], at)])));
  }

  updated() {
    this.paint();
  }

  paint() {
    const canvas = this.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.own) return;
    const { shape, data } = this.own.weight;
    const sheet = kernelSheet(shape);
    const { low, high } = valueRange([...data, -1e-9]);
    const colours = colourise(data, colourMap("diverging", theme()), low, high);
    const pixels = new Uint32Array(sheet.width * sheet.height);
    for (let at = 0; at < data.length; at++) {
      const { row, column } = sheet.placeOf(at);
      pixels[row * sheet.width + column] = colours[at];
    }
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), sheet.width, sheet.height), 0, 0);
  }

  /** @param {PointerEvent} event */
  onPoint(event) {
    const canvas = /** @type {HTMLCanvasElement} */ (event.currentTarget);
    const box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const at = this.own ? kernelSheet(this.own.weight.shape).weightAt(row, column) : null;
    if (at !== null) this.weight = at;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!this.own) return;
    const next = kernelSheet(this.own.weight.shape).step(this.weight, event);
    if (next === null) return;
    event.preventDefault();
    this.weight = next;
  }
}

customElements.define("lente-weights", LenteWeights);
