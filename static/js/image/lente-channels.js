import { html } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { paintChannel, paintColour } from "./painting.js";
import { CHANNELS } from "./words.js";
import "../shared/ui/lente-picture.js";

/** @typedef {import("./state.js").ImageState} ImageState */

/**
 * The three channels of a picture apart, and put together again with each on or off. Rendered in the page.
 *
 * @fires change-state - what changes in the state
 */
export class LenteChannels extends LenteElement {
  static properties = { tensor: { attribute: false }, state: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../shared/safetensors.js").Tensor} (3, H, W), 0..1 */ this.tensor = {
      shape: [3, 1, 1],
      data: new Float32Array(3),
    };
    /** @type {ImageState} */ this.state = /** @type {any} */ (null);
    /** @type {Uint8ClampedArray<ArrayBuffer>[]} */ this.apart = [];
    this.together = new Uint8ClampedArray(4);
    /** @type {unknown[]} */ this.made = [];
  }

  willUpdate() {
    const { tint, channels } = this.state;
    const made = [this.tensor, tint, channels];
    if (made.every((part, i) => part === this.made[i])) return;
    this.made = made;
    this.apart = [0, 1, 2].map((channel) => paintChannel(this.tensor, channel, tint));
    this.together = paintColour(this.tensor, channels);
  }

  render() {
    const { tint, channels } = this.state;
    const [row, column] = this.state.unit;
    const [, height, width] = this.tensor.shape;
    const [r, c] = [Math.min(row, height - 1), Math.min(column, width - 1)];
    const box = { top: r, left: c, bottom: r + 1, right: c + 1 };
    const at = (/** @type {number} */ channel) =>
      Math.round(this.tensor.data[(channel * height + r) * width + c] * 255);
    return html`<div class="channels">
        ${CHANNELS.map(
          (name, i) =>
            html`<figure data-on=${channels.includes("rgb"[i])}>
              <lente-picture
                .pixels=${this.apart[i]}
                .columns=${width}
                .touched=${[box]}
                label=${t(name)}
                @cell=${this.onCell}
              ></lente-picture>
              <figcaption>
                <label
                  ><input
                    type="checkbox"
                    data-channel=${"rgb"[i]}
                    .checked=${channels.includes("rgb"[i])}
                    @change=${() => this.toggle("rgb"[i])}
                  />${t(name)}</label
                ><output aria-live="off">${at(i)}</output>
              </figcaption>
            </figure>`,
        )}
        <figure class="together">
          <lente-picture
            .pixels=${this.together}
            .columns=${width}
            .touched=${[box]}
            label=${t("Together")}
            @cell=${this.onCell}
          ></lente-picture>
          <figcaption>
            <span>${t("Together")}</span
            ><output aria-live="off" data-together
              >${CHANNELS.map((_, i) => (channels.includes("rgb"[i]) ? at(i) : 0)).join(", ")}</output
            >
          </figcaption>
        </figure>
      </div>
      <div class="segments" role="group" aria-label=${t("How a channel apart is painted")}>
        <button type="button" aria-pressed=${tint} @click=${() => this.send({ tint: true })}>
          ${t("In its colour")}</button
        ><button type="button" aria-pressed=${!tint} @click=${() => this.send({ tint: false })}>${t("In grey")}</button>
      </div>`;
  }

  /** @param {string} name */
  toggle(name) {
    const on = [..."rgb"].filter((one) => this.state.channels.includes(one) !== (one === name));
    this.send({ channels: on.join("") });
  }

  /** @param {CustomEvent<{row: number, column: number} | null>} event */
  onCell({ detail }) {
    if (detail) this.send({ unit: [detail.row, detail.column] });
  }

  /** @param {Partial<ImageState>} detail */
  send(detail) {
    this.emit("change-state", detail);
  }
}

customElements.define("lente-channels", LenteChannels);
