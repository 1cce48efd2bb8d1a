import { html } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { centreDigit } from "../digits/centre_digit.js";
import { sampleDigit } from "../digits/samples.js";
import { readUrl, writeUrl } from "../frame/address.js";
import { wholeFrom } from "../frame/accepted.js";
import { tellTaken } from "../frame/addressed.js";
import { onWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { testDigits } from "../latent/server.js";
import { resample } from "../shared/resample.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-number.js";
import "../digits/lente-paper.js";

const SIDE = 28;
const FIRST = 3;
const COUNT = 10000;
const isTestDigit = wholeFrom(0, COUNT - 1);

/**
 * Where a digit comes from: drawn, one of the test digits, or photographed on paper. Rendered in the page.
 *
 * @fires picture - Float32Array of 28 x 28 values 0..1, what the network is given, after every change
 */
export class LenteDigitSource extends LenteElement {
  static properties = { number: { state: true }, fault: { state: true } };

  constructor() {
    super();
    /** @type {number | null} of the test digit that is shown; null for a drawing */ this.number = numberInUrl();
    tellTaken("digit", this.number !== null, isTestDigit);
    this.fault = "";
    this.endReturned = () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.endReturned = onWindow("returned", () => this.show(numberInUrl()));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endReturned();
  }

  get pad() {
    return /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing} */ (
      this.querySelector("lente-drawing")
    );
  }

  async firstUpdated() {
    await this.pad.updateComplete;
    await this.show(this.number);
  }

  /** What the address says, or what was drawn. @param {number | null} number of a test digit */
  async show(number) {
    if (this.pad.restore()) return;
    if (number === null) this.pad.load({ strokes: sampleDigit(FIRST) });
    else await this.choose(number);
  }

  render() {
    return html`<lente-drawing @draw=${this.onDraw}></lente-drawing>
      <div class="row source-numbers" data-hideable="digits">
        <label
          >${t("Test digit")}<lente-number
            late
            whole
            label=${t("Test digit")}
            .min=${0}
            .max=${COUNT - 1}
            .value=${this.number}
            @number=${(/** @type {CustomEvent<number>} */ { detail }) => this.choose(detail)}
            @fault=${(/** @type {CustomEvent<string>} */ { detail }) => (this.fault = detail)}
          ></lente-number
        ></label>
        <button type="button" @click=${this.another}>${t("Another")}</button>
      </div>
      <details data-hideable="photo">
        <summary>${t("A digit on paper")}</summary>
        <lente-paper @digit-found=${this.onPaper}></lente-paper>
      </details>
      ${notice(this.fault)}`;
  }

  /** @param {CustomEvent<{values: Float32Array<ArrayBuffer>, own: boolean}>} event */
  onDraw({ detail: { values, own } }) {
    const placed = centreDigit(values, this.pad.side);
    this.number = null;
    if (own) writeUrl({ digit: undefined });
    this.send(placed?.centred ?? new Float32Array(SIDE * SIDE));
  }

  another() {
    this.choose(Math.floor(Math.random() * COUNT));
  }

  /** @param {number} number */
  async choose(number) {
    try {
      const images = await testDigits([number]);
      this.pad.load({ ground: enlarged(images, this.pad.side) });
      Object.assign(this, { number, fault: "" });
      writeUrl({ digit: number, drawing: undefined });
      this.send(Float32Array.from(images));
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {CustomEvent<import("../shared/safetensors.js").Tensor>} event */
  onPaper({ detail: { shape, data } }) {
    const { side } = this.pad;
    const scale = Math.max(...shape) / side;
    this.pad.load({
      ground: resample({ shape, data }, (shape[0] - side * scale) / 2, (shape[1] - side * scale) / 2, scale, side),
    });
    this.pad.keep();
    writeUrl({ digit: undefined });
  }

  /** @param {Float32Array<ArrayBuffer>} picture */
  send(picture) {
    this.emit("picture", picture);
  }
}

/** @returns {number | null} */
function numberInUrl() {
  const { digit } = readUrl();
  return digit !== undefined && isTestDigit(digit) ? digit : null;
}

/** Every pixel of 28 x 28 as a square of the pad. @param {Float32Array} picture @param {number} side */
function enlarged(picture, side) {
  const scale = side / SIDE;
  return new Float32Array(side * side).map(
    (_, i) => picture[Math.floor(i / side / scale) * SIDE + Math.floor((i % side) / scale)],
  );
}

customElements.define("lente-digit-source", LenteDigitSource);
