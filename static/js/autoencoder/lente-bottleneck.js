import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { asWritten } from "../frame/address_table.js";
import { listOf, numberFrom, oneOf } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { announce } from "../frame/announce.js";
import { t } from "../frame/i18n.js";
import { LARGEST, sliderRows } from "../shared/ui/slider_rows.js";
import { encodePicture } from "../latent/server.js";
import { earlyDecoder } from "../latent/space.js";
import { squaredError } from "../shared/losses.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { DECODER, ENCODER, SIZES, modelOf, sizeOf } from "./bottlenecks.js";
import "./lente-code-cells.js";
import "./lente-digit-source.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-pictures.js";
import "../shared/ui/lente-sliders.js";

/**
 * @typedef {import("../latent/space.js").LatentDecoder} LatentDecoder
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

const PIXELS = 784;
const FLOAT_BYTES = 4;
const START = 8;

/** A digit's way through encoder, bottleneck and decoder; the code between them can be edited. Rendered in the page. */
export class LenteBottleneck extends LenteElement {
  static properties = {
    size: { state: true },
    space: { state: true },
    picture: { state: true },
    own: { state: true },
    edited: { state: true },
    touched: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    this.size = START;
    /** @type {LatentDecoder | null} */ this.space = null;
    /** @type {Float32Array<ArrayBuffer>} what goes in */ this.picture = new Float32Array(PIXELS);
    /** @type {number[] | null} the picture's code */ this.own = null;
    /** @type {number[] | null} the code as the visitor changed it */ this.edited = null;
    addressed(
      this,
      {
        size: {
          name: "model",
          first: modelOf(START),
          accepts: oneOf(SIZES.map(modelOf)),
          read: sizeOf,
          write: modelOf,
        },
        edited: { name: "z", first: null, accepts: listOf(numberFrom(-LARGEST, LARGEST)) },
      },
      () => this.encode(this.size, this.picture),
    );
    /** @type {number | null} */ this.touched = null;
    this.fault = "";
    this.encode = newest(
      squeeze,
      (found) => this.take(found),
      (error) => {
        this.fault = error.message;
        this.size = this.space?.z ?? this.size; // that which is shown is the choice again
      },
    );
  }

  render() {
    return html`<div class="bottleneck-tools row">
        <span class="row" data-hideable="model"
          ><span id="sizes">${t("Numbers in the code")}</span>
          <span class="segments" role="group" aria-labelledby="sizes"
            >${SIZES.map((size) => html`<button type="button" data-size=${size} aria-pressed=${size === this.size} @click=${() => this.choose(size)}>${size}</button>`)}</span
          ></span
        >
        ${this.space && this.own ? this.words(this.space, this.edited ?? this.own) : nothing}
      </div>
      <div class="flow">
        <lente-digit-source @picture=${this.onPicture}></lente-digit-source>
        <div class="flow-right">
          ${this.space && this.own ? this.way(this.space, this.edited ?? this.own) : nothing}
        </div>
      </div>
      ${notice(this.fault)}`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("edited") || changed.has("own")) announce(() => this.querySelector(".flow-words")?.textContent);
  }

  /** @param {LatentDecoder} space @param {number[]} code */
  way(space, code) {
    return [this.through(space, code), this.sliders(space, code)];
  }

  /** @param {LatentDecoder} space @param {number[]} code */
  through(space, code) {
    const copy = space.decode(code);
    const reach = Math.max(...space.low.map(Math.abs), ...space.high.map(Math.abs));
    return html`<div class="flow-through">
      <figure class="flow-picture">
        <lente-pictures still .pictures=${this.picture} label=${t("What the network is given")}></lente-pictures>
        <figcaption>${t("28 × 28 = 784 numbers")}</figcaption>
      </figure>
      <div class="funnel in"><span>${t("encoder")}</span><small>${[...ENCODER, space.z].join(" → ")}</small></div>
      <figure class="flow-code">
        <lente-code-cells
          .values=${code}
          .reach=${reach}
          .touched=${this.touched}
          label=${t("The code")}
        ></lente-code-cells>
        <figcaption>
          ${space.z === 1 ? t("the code: 1 number") : t("the code: {count} numbers", { count: space.z })}
        </figcaption>
      </figure>
      <div class="funnel out"><span>${t("decoder")}</span><small>${[space.z, ...DECODER].join(" → ")}</small></div>
      <figure class="flow-picture flow-copy">
        <lente-pictures still .pictures=${copy} label=${t("The copy")}></lente-pictures>
        <figcaption>${t("the copy")}</figcaption>
      </figure>
      ${this.error(copy)}
    </div>`;
  }

  /** @param {Float32Array} copy */
  error(copy) {
    const difference = copy.map((value, i) => value - this.picture[i]);
    return html`<figure class="flow-picture flow-error">
      <lente-map
        still
        map="diverging"
        .tensor=${{ shape: [28, 28], data: difference }}
        .range=${{ low: -1, high: 1 }}
        label=${t("Copy minus original")}
      ></lente-map>
      <figcaption>${t("copy − original")}<lente-legend low="-1" high="1" map="diverging"></lente-legend></figcaption>
    </figure>`;
  }

  /** @param {LatentDecoder} space @param {number[]} code */
  words(space, code) {
    return html`<p class="flow-words">
      ${t("How far the copy is off (squared error per pixel):")}
      <output aria-live="off" class="flow-squared"
        >${formatNumber(squaredError(this.picture, space.decode(code)), 4)}</output
      >.
      ${t("784 numbers become {count}: {ratio} to 1, counting numbers. In bytes {bytes} to 1: a pixel takes 1 byte, a number of the code 4.", { count: space.z, ratio: formatNumber(PIXELS / space.z), bytes: formatNumber(PIXELS / (FLOAT_BYTES * space.z)) })}
    </p>`;
  }

  /** @param {LatentDecoder} space @param {number[]} code */
  sliders(space, code) {
    const rows = sliderRows(space, "data").sort((a, b) => a.index - b.index);
    return html`<div class="code-sliders" data-hideable="code">
      <div class="row code-head">
        <h2>${t("Change the code")}</h2>
        <button type="button" ?disabled=${!this.edited} @click=${() => this.edit(null)}>
          ${t("Back to the encoder's code")}
        </button>
      </div>
      <lente-sliders
        .rows=${rows}
        .values=${code}
        .touched=${this.touched}
        @slide=${this.onSlide}
        @pointerover=${this.onTouch}
        @focusin=${this.onTouch}
        @pointerleave=${() => (this.touched = null)}
        @focusout=${() => (this.touched = null)}
      ></lente-sliders>
    </div>`;
  }

  /** @param {Event} event */
  onTouch(event) {
    const row = /** @type {Element} */ (event.target).closest(".slider-row");
    const all = [.../** @type {Element} */ (event.currentTarget).querySelectorAll(".slider-row")];
    this.touched = row ? all.indexOf(row) : null;
  }

  /** @param {CustomEvent<Float32Array<ArrayBuffer>>} event */
  onPicture({ detail: picture }) {
    if (this.own) this.edit(null); // the code in the address belongs to the first picture
    this.picture = picture;
    this.encode(this.size, picture);
  }

  /** @param {CustomEvent<{index: number, value: number}>} event */
  onSlide({ detail: { index, value } }) {
    this.touched = index;
    this.edit((this.edited ?? this.own ?? []).with(index, value));
  }

  /** @param {number[] | null} code */
  edit(code) {
    this.edited = code && asWritten(code);
  }

  /** @param {number} size */
  choose(size) {
    if (size === this.size) return;
    this.edit(null);
    this.size = size;
    this.encode(size, this.picture);
  }

  /** @param {{space: LatentDecoder, code: number[]}} found */
  take({ space, code }) {
    if (space.z !== this.size) return;
    if (this.edited?.length !== space.z) this.edited = null;
    Object.assign(this, { space, own: code, fault: "" });
    this.emit("size", this.size);
  }
}

/** @param {number} size @param {Float32Array<ArrayBuffer>} picture */
async function squeeze(size, picture) {
  const model = modelOf(size);
  const [space, { mu: code }] = await Promise.all([earlyDecoder(model), encodePicture(model, picture)]);
  await space.known(code);
  return { space, code };
}

customElements.define("lente-bottleneck", LenteBottleneck);
