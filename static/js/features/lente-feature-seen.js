import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { subTensor } from "../shared/tensors.js";
import "./lente-feature-crop.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-number.js";

const COLOURS = ["R", "G", "B"];
const LARGEST = 1000;

/**
 * From the photograph to the numbers that the network is given: the square that is cut out, and the normalisation.
 * Rendered in the page.
 *
 * @fires crop - the new square, or null for the middle, as the network's authors cut it
 * @fires normalisation - the means, then the standard deviations, of the channels; null for the network's own
 */
export class LenteFeatureSeen extends LenteElement {
  static properties = {
    image: { type: String },
    seen: { attribute: false },
    fault: { attribute: false },
    prediction: { attribute: false },
    square: { attribute: false },
    own: { attribute: false },
    cell: { state: true },
    wrong: { state: true },
  };

  constructor() {
    super();
    this.image = "";
    /** @type {import("../shared/safetensors.js").SafetensorsFile | null} */ this.seen = null;
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** The visitor's own. @type {import("./move_crop.js").Crop | null} */ this.square = null;
    /** The visitor's own normalisation. @type {number[] | null} */ this.own = null;
    /** Why nothing is seen. */ this.fault = "";
    /** What is wrong with what was typed. */ this.wrong = "";
    /** The pixel under the cursor. @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell = null;
  }

  render() {
    const pixels = this.seen?.tensors.pixels;
    if (!this.seen && this.fault) return notice(this.fault);
    if (!this.seen || !pixels || !this.seen.facts.crop || pixels.shape[1] !== pixels.shape[2])
      return html`<div class="seen-beside"></div>`;
    const [channels, side] = pixels.shape;
    const { numbers } = this;
    const grey = channels === 1;
    const at = this.cell ?? { row: Math.floor(side / 2), column: Math.floor(side / 2) };
    const touched = [{ top: at.row, left: at.column, bottom: at.row + 1, right: at.column + 1 }];
    const { crop, width, height } = this.seen.facts;
    const sizes = t("{part} × {part} of the {width} × {height} pixels become {side} × {side}.", {
      part: Math.round(crop.size),
      width,
      height,
      side,
    });
    return html`<div class="seen-beside">
      <div>
        <lente-feature-crop image=${this.image} .facts=${this.seen.facts} .square=${this.square}></lente-feature-crop>
        <button type="button" data-do="middle" ?disabled=${!this.square} @click=${() => this.emit("crop", null)}>
          ${t("The middle again")}
        </button>
      </div>
      <div>
        <lente-map
          class="seen-pixels"
          .tensor=${grey ? subTensor(pixels, [0]) : pixels}
          .range=${grey ? { low: 0, high: 1 } : null}
          map=${grey ? "grey" : "auto"}
          .touched=${touched}
          label=${t("The pixels that the network is given")}
          @cell=${this.onCell}
        ></lente-map>
      </div>
      <div class="stack" @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.wrong = detail)}>
        <p class="seen-says">${sizes} ${this.answer()}</p>
        <p>
          ${t("Then every channel is normalised: its mean mu is taken away, and the rest is divided by its spread sigma, so that the numbers lie about 0 as in training. Change them: what does the network make of it?")}
        </p>
        ${this.table(at)} ${notice(this.wrong)}
        <div class="row">
          <button
            type="button"
            data-do="plain"
            @click=${() => this.send(numbers.map((_, i) => (i < channels ? 0 : 1)))}
          >
            ${t("Without normalisation")}
          </button>
          <button type="button" data-do="trained" ?disabled=${!this.own} @click=${() => this.send(null)}>
            ${t("As in training")}
          </button>
        </div>
      </div>
    </div>`;
  }

  answer() {
    const first = this.prediction?.classes[0];
    if (!first) return nothing;
    const said = { name: first.name, percent: formatNumber(100 * first.probability, 1) };
    return html`<strong
      >${this.prediction?.unsure ? t("Unsure; nearest is {name}, {percent} %", said) : t("{name}, {percent} %", said)}</strong
    >`;
  }

  /** Means, then standard deviations. @returns {number[]} */
  get numbers() {
    const { mean, std } = /** @type {NonNullable<typeof this.seen>} */ (this.seen).facts;
    return this.own ?? [...mean, ...std];
  }

  /** One pixel's arithmetic, channel by channel. @param {import("../shared/ui/lente-map.js").Cell} at */
  table({ row, column }) {
    const { tensors } = /** @type {NonNullable<typeof this.seen>} */ (this.seen);
    const [channels, side] = tensors.pixels.shape;
    const rows = Array.from({ length: channels }, (_, channel) => {
      const place = (channel * side + row) * side + column;
      const colour = channels === 1 ? "" : COLOURS[channel];
      return html`<tr>
        <td>${colour}</td>
        <td>${formatNumber(tensors.pixels.data[place], 3)}</td>
        <td>${this.field(channel, `mu ${colour}`, this.numbers[channel], -LARGEST)}</td>
        <td>${this.field(channels + channel, `sigma ${colour}`, this.numbers[channels + channel], 1 / LARGEST)}</td>
        <td>${formatNumber(tensors.input.data[place], 3)}</td>
      </tr>`;
    });
    return html`<table class="terms seen-table">
      <caption class="small">
        ${t("The pixel in row {row}, column {column}", { row, column })}
      </caption>
      <thead>
        <tr>
          <td></td>
          <th>${t("value")}</th>
          <th>− mu</th>
          <th>: sigma</th>
          <th>=</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
  }

  /** @param {number} at @param {string} name @param {number} value @param {number} least */
  field(at, name, value, least) {
    return html`<lente-number
      .value=${Number(value.toFixed(4))}
      .label=${name.trim()}
      step="0.01"
      .min=${least}
      .max=${LARGEST}
      @number=${(/** @type {CustomEvent<number>} */ { detail }) => this.send(this.numbers.map((old, i) => (i === at ? detail : old)))}
    ></lente-number>`;
  }

  /** @param {number[] | null} numbers */
  send(numbers) {
    this.emit("normalisation", numbers);
  }

  /** @param {CustomEvent<import("../shared/ui/lente-map.js").Cell | null>} event */
  onCell(event) {
    event.stopPropagation();
    if (event.detail) this.cell = event.detail;
  }
}

customElements.define("lente-feature-seen", LenteFeatureSeen);
