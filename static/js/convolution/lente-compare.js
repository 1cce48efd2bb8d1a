import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { onThemeChange, theme } from "../frame/theme.js";
import { colourMap } from "../shared/colours.js";
import { planeOf } from "../shared/tensors.js";
import { displayMode, paintPlanes } from "./painting.js";
import { checkSetting, runStage } from "./run.js";
import "./lente-values.js";

/** @typedef {import("../shared/safetensors.js").Tensor} Tensor */

/** Maximum, mean and strided convolution of the same input, side by side. Rendered in the page. */
export class LenteCompare extends LenteElement {
  static properties = {
    state: { attribute: false },
    input: { attribute: false },
    full: { type: Number },
    format: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("./state.js").ConvolutionState} */ this.state = /** @type {any} */ (null);
    /** @type {Tensor} */ this.input = { shape: [1, 1, 1], data: new Float32Array(1) };
    this.full = 255;
    /** @type {(value: number) => string} */ this.format = String;
    /** @type {() => void} */ this.endTheme = () => {};
    /** @type {unknown[]} */ this.made = [];
    /** @type {{title: string, output: Tensor | null, pixels: Uint8ClampedArray<ArrayBuffer>}[]} */ this.ways = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.endTheme = onThemeChange(() => {
      this.made = [];
      this.requestUpdate();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endTheme();
  }

  willUpdate() {
    const { unit, ...setting } = this.state;
    const made = [this.input, unit[0], ...Object.values(setting)];
    if (made.every((part, i) => part === this.made[i])) return;
    this.made = made;
    this.ways = this.compute();
  }

  compute() {
    const { state } = this;
    const step = state.operation === "convolution" ? state.stride : state.poolStride;
    const side = state.operation === "convolution" ? step : state.pool;
    const ways = [
      {
        title: t("Max pooling"),
        setting: { ...state, operation: /** @type {const} */ ("max"), pool: side, poolStride: step },
      },
      {
        title: t("Average pooling"),
        setting: { ...state, operation: /** @type {const} */ ("average"), pool: side, poolStride: step },
      },
      {
        title: t("Convolution with stride {stride}", { stride: step }),
        setting: { ...state, operation: /** @type {const} */ ("convolution"), stride: step },
      },
    ];
    return ways.map(({ title, setting }) => {
      const possible = checkSetting(setting, this.input.shape[1], this.input.shape[2]) === null;
      const output = possible ? runStage(this.input, setting).output : null;
      return { title, output, pixels: output ? this.paint(output, setting.operation) : new Uint8ClampedArray(4) };
    });
  }

  /** @param {Tensor} output @param {string} operation */
  paint(output, operation) {
    const { matrix, display, unit } = this.state;
    const mode = displayMode(
      matrix ? "signed" : operation === "convolution" ? display : "clamp",
      output.data,
      this.full,
    );
    const planes = output.shape[0] === 3 && !mode.coloured ? output : planeOf(output, unit[0]);
    return paintPlanes(planes, mode, colourMap(mode.low < 0 ? "diverging" : "sequential", theme()));
  }

  render() {
    return html`<h2>${t("Three ways to make it smaller")}</h2>
      <p>
        ${t("Pooling has nothing to learn: it keeps the largest value, or the mean. A strided convolution skips places too, but its weights can be learnt.")}
      </p>
      <div class="compared">
        ${this.ways.map(
          ({ title, output, pixels }) =>
            html`<figure>
              <figcaption>
                <span>${title}</span
                >${output ? html`<output aria-live="off">${(this.state.matrix && output.shape[0] === 1 ? output.shape.slice(1) : output.shape).join(" × ")}</output>` : ""}
              </figcaption>
              ${output ? this.one(title, output, pixels) : html`<p class="empty">${t("The window does not fit.")}</p>`}
            </figure>`,
        )}
      </div>`;
  }

  /** @param {string} title @param {Tensor} output @param {Uint8ClampedArray<ArrayBuffer>} pixels */
  one(title, output, pixels) {
    const numbers = this.state.matrix !== null && output.shape[2] <= 20;
    return html`<lente-values
      bare
      .values=${planeOf(output, this.state.unit[0]).data}
      .columns=${output.shape[2]}
      .pixels=${pixels}
      .numbers=${numbers}
      .format=${this.format}
      .box=${{ top: 0, left: 0, bottom: 0, right: 0 }}
      label=${title}
    ></lente-values>`;
  }
}

customElements.define("lente-compare", LenteCompare);
