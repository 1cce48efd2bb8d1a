import { html, styleMap } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t, withColon } from "../frame/i18n.js";
import { formatNumber } from "../shared/numbers.js";
import { shrink } from "../shared/tensors.js";
import { paintColour } from "./painting.js";
import "../shared/ui/lente-picture.js";

/** @typedef {import("./state.js").ImageState} ImageState */

const SIZES = [4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/**
 * The same picture with fewer and fewer pixels, and how many numbers that is. Rendered in the page.
 *
 * @fires change-state - what changes in the state
 */
export class LenteResolution extends LenteElement {
  static properties = { tensor: { attribute: false }, size: { type: Number } };

  constructor() {
    super();
    /** @type {import("../shared/safetensors.js").Tensor} (3, H, W), 0..1 */ this.tensor = {
      shape: [3, 1, 1],
      data: new Float32Array(3),
    };
    this.size = 64;
    /** @type {import("../shared/safetensors.js").Tensor} */ this.coarse = this.tensor;
    this.pixels = new Uint8ClampedArray(4);
  }

  willUpdate() {
    const [, height, width] = this.tensor.shape;
    const scale = Math.min(1, this.size / Math.max(height, width));
    this.coarse = shrink(this.tensor, Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale)));
    this.pixels = paintColour(this.coarse);
  }

  render() {
    const [, height, width] = this.coarse.shape;
    const [, fullHeight, fullWidth] = this.tensor.shape;
    const count = 3 * height * width;
    const sizes = SIZES.filter((size) => size < Math.max(fullHeight, fullWidth));
    sizes.push(Math.max(fullHeight, fullWidth));
    const at = sizes.findIndex((size) => size >= this.size);
    const label = t("The picture with {width} × {height} pixels", { width, height });
    return html`<div class="resolution">
      <lente-picture
        still
        style=${styleMap({ width: `min(100%, ${(58 * width) / height}vh)` })}
        .pixels=${this.pixels}
        .columns=${width}
        label=${label}
      ></lente-picture>
      <div class="stack">
        <label class="above"
          ><span
            >${withColon(t("Pixels along the longer side"))}
            <span class="figures">${Math.max(height, width)}</span></span
          >
          <input
            type="range"
            min="0"
            max=${sizes.length - 1}
            .value=${String(at < 0 ? sizes.length - 1 : at)}
            aria-valuetext=${String(Math.max(height, width))}
            @input=${(/** @type {Event} */ event) => this.send(sizes[Number(/** @type {HTMLInputElement} */ (event.target).value)])}
        /></label>
        <p class="count">
          <output aria-live="off" data-count>${width} × ${height} × 3 = <strong>${formatNumber(count)}</strong></output>
          ${t("numbers")}
        </p>
        <p class="small">${this.share(count / (3 * fullHeight * fullWidth))}</p>
      </div>
    </div>`;
  }

  /** @param {number} share of the numbers of the whole picture */
  share(share) {
    return share >= 1
      ? t("This is the picture as it came.")
      : t("That is one in {times} of the numbers of the picture as it came.", {
          times: formatNumber(Math.round(1 / share)),
        });
  }

  /** @param {number} size */
  send(size) {
    this.emit("change-state", { size });
  }
}

customElements.define("lente-resolution", LenteResolution);
