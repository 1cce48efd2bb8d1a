import { html } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { fetchCopies } from "../latent/server.js";
import { SIZES, modelOf } from "./bottlenecks.js";
import "../shared/ui/lente-map.js";

const SIDE = 28;
/** Digits that are fetched together. */
const SHEET = 8;

/** One test digit through bottlenecks of 1 to 32 numbers. */
export class MiniAutoencoder extends Miniature {
  static properties = { ...Miniature.properties, digit: { state: true }, images: { state: true } };

  constructor() {
    super();
    /** Its place among the test digits. */ this.digit = 0;
    /** The copies of some digits, each size a row. @type {import("../shared/safetensors.js").Tensor | null} */ this.sheet =
      null;
    /** @type {import("../shared/safetensors.js").Tensor[]} */ this.images = [];
  }

  async load() {
    await this.show(0);
  }

  exhibit() {
    return html`<div class="mini-code">
      <div class="mini-ladder">
        ${SIZES.map(
          (size, i) =>
            html`<figure>
              <lente-map
                map="grey"
                still
                .tensor=${this.images[i] ?? null}
                .range=${{ low: 0, high: 1 }}
                label=${t("Rebuilt from {count} numbers", { count: size })}
              ></lente-map>
              <figcaption>${size}</figcaption>
            </figure>`,
        )}
      </div>
      <div class="mini-again">
        <small>${t("the same digit, rebuilt from this many numbers")}</small>
        <button type="button" @click=${this.another}>${t("Another digit")}</button>
      </div>
    </div>`;
  }

  async another() {
    try {
      await this.show(this.digit + 1);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {number} digit its place among the test digits */
  async show(digit) {
    this.digit = digit;
    const column = digit % SHEET;
    if (!this.sheet || column === 0) {
      const numbers = Array.from({ length: SHEET }, (_, i) => digit - column + i);
      this.sheet = await fetchCopies(SIZES.map(modelOf), numbers);
    }
    const { data } = this.sheet;
    this.images = SIZES.map((_, row) => {
      const pixel = (/** @type {number} */ i) =>
        data[(SIDE * row + Math.floor(i / SIDE)) * SIDE * SHEET + SIDE * column + (i % SIDE)];
      return { shape: [SIDE, SIDE], data: Float32Array.from({ length: SIDE * SIDE }, (_value, i) => pixel(i)) };
    });
  }
}

customElements.define("mini-autoencoder", MiniAutoencoder);
