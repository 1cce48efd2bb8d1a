import { html } from "vendor/lit";
import { Miniature } from "../shared/ui/miniature.js";
import { t } from "../frame/i18n.js";
import { latentSpace } from "../latent/space.js";
import "../shared/ui/lente-map.js";

const SIZES = [1, 2, 4, 8, 16, 32];

/** One test digit through bottlenecks of 1 to 32 numbers. */
export class MiniAutoencoder extends Miniature {
  static properties = { ...Miniature.properties, digit: { state: true }, images: { state: true } };

  constructor() {
    super();
    this.digit = 0;
    /** @type {import("../shared/safetensors.js").Tensor[]} */ this.images = [];
  }

  async load() {
    this.spaces = await Promise.all(SIZES.map((size) => latentSpace(`autoencoder_${size}d`)));
    this.show(0);
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
        <button type="button" @click=${() => this.show(this.digit + 1)}>${t("Another digit")}</button>
      </div>
    </div>`;
  }

  /** @param {number} digit its place among the test digits */
  show(digit) {
    this.digit = digit;
    this.images = (this.spaces ?? []).map(({ mu, z, decode }) => ({
      shape: [28, 28],
      data: decode(mu.subarray(digit * z, (digit + 1) * z)),
    }));
  }
}

customElements.define("mini-autoencoder", MiniAutoencoder);
