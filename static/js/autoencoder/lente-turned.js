import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { digitNetwork } from "../digits/server.js";
import { encodePicture } from "../latent/server.js";
import { latentDecoder } from "../latent/space.js";
import { squaredError } from "../shared/losses.js";
import { newest } from "../shared/newest.js";
import { formatNumber, numberList } from "../shared/numbers.js";
import { ENCODER, modelOf } from "./bottlenecks.js";
import "../shared/ui/lente-class-bars.js";
import "../shared/ui/lente-pictures.js";

/**
 * @typedef {import("../latent/space.js").LatentDecoder} LatentDecoder
 * @typedef {{picture: Float32Array<ArrayBuffer>, shapes: number[][], reading: import("../shared/sureness.js").Reading, named: LatentDecoder, free: LatentDecoder, code: number[]}} Turned
 */

/** Fewer than the ten shares of the digit network. */
const FREE = 8;
const NAMED = "vae_conditional_2d";

/**
 * The digit network from a picture to ten numbers, and two decoders from numbers to a picture: one is told which digit it is,
 * the other a code that is free to say what it looks like. Rendered in the page.
 */
export class LenteTurned extends LenteElement {
  static properties = { picture: { attribute: false }, turned: { state: true }, fault: { state: true } };

  constructor() {
    super();
    /** @type {Float32Array<ArrayBuffer> | null} 28 x 28 values, 0..1 */ this.picture = null;
    /** @type {Turned | null} */ this.turned = null;
    this.fault = "";
    this.near = new Near(this, () => this.ask());
    this.load = newest(
      turn,
      (turned) => Object.assign(this, { turned, fault: "" }),
      (error) => (this.fault = error.message),
    );
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("picture")) this.ask();
  }

  ask() {
    if (this.near.here && this.picture) this.load(this.picture);
  }

  render() {
    const { turned } = this;
    return html`${notice(this.fault)}
    ${this.fault ? html`<button type="button" data-do="retry" @click=${this.ask}>${t("Try again")}</button>` : nothing}
    ${turned ? this.whole(turned) : this.fault ? nothing : html`<p class="empty">${t("The networks are on their way…")}</p>`}`;
  }

  /** @param {Turned} turned */
  whole({ picture, shapes, reading, named, free, code }) {
    const digit = reading.probabilities.indexOf(Math.max(...reading.probabilities));
    const [drawn, copy] = [named.decode([0, 0], digit), free.decode(code)];
    const errors = [drawn, copy].map((one) => formatNumber(squaredError(picture, one), 4));
    const bars = html`<lente-class-bars
      .reading=${reading}
      label=${t("What the digit network reads:")}
    ></lente-class-bars>`;
    const numbers = html`<output aria-live="off" class="turned-code">${numberList(code, 1)}</output>`;
    return html`<div class="turned">
        ${this.way({
          name: "recognise",
          title: t("Recognise: picture → 10 numbers"),
          from: pictureOf(picture, t("what goes in")),
          shapes: shapes.map((shape) => shape.join("×")),
          to: html`<div>${bars}</div>`,
        })}
        ${this.way({
          name: "named",
          title: t("Turned round: the digit that was read → picture"),
          from: html`<div class="turned-digit">
            <strong>${digit}</strong><span class="small">${t("which digit, and 2 numbers at 0")}</span>
          </div>`,
          shapes: [...named.widths.map(String), "1×28×28"],
          to: pictureOf(drawn, t("off by {error} (squared error per pixel)", { error: errors[0] })),
        })}
        ${this.way({
          name: "encode",
          title: t("Recognise nothing: picture → {count} free numbers", { count: FREE }),
          from: pictureOf(picture, t("what goes in")),
          shapes: ["1×28×28", ...ENCODER.map(String), String(FREE)],
          to: numbers,
        })}
        ${this.way({
          name: "free",
          title: t("Turned round: the {count} free numbers → picture", { count: FREE }),
          from: numbers,
          shapes: [...free.widths.map(String), "1×28×28"],
          to: pictureOf(copy, t("off by {error} (squared error per pixel)", { error: errors[1] })),
        })}
      </div>
      <p data-part="turned">
        ${t("Of the ten class numbers only this goes on here: it is a {digit}. Whoever draws a {digit}, the picture that comes back is the same: how it slants and how thick the pen was never reach the decoder. {count} numbers are fewer, but nobody said what they have to mean: the encoder puts into them what the decoder needs to draw yours.", { digit, count: FREE })}
      </p>`;
  }

  /** @param {{name: string, title: string, from: unknown, shapes: string[], to: unknown}} way */
  way({ name, title, from, shapes, to }) {
    return html`<section class="turned-way" data-way=${name}>
      <h3>${title}</h3>
      <div class="turned-from">${from}</div>
      <ol class="turned-shapes figures" aria-label=${t("Shapes on the way")}>
        ${shapes.map((shape) => html`<li>${shape}</li>`)}
      </ol>
      <div class="turned-to">${to}</div>
    </section>`;
  }
}

/** @param {Float32Array} picture @param {string} words */
function pictureOf(picture, words) {
  return html`<figure class="turned-picture">
    <lente-pictures still .pictures=${picture} label=${words}></lente-pictures>
    <figcaption>${words}</figcaption>
  </figure>`;
}

/** @param {Float32Array<ArrayBuffer>} picture @returns {Promise<Turned>} */
async function turn(picture) {
  const [read, named, free, { mu: code }] = await Promise.all([
    digitNetwork(),
    latentDecoder(NAMED),
    latentDecoder(modelOf(FREE)),
    encodePicture(modelOf(FREE), picture, "turned"),
  ]);
  const { shapes, ...reading } = read(picture);
  return { picture, shapes, reading, named, free, code };
}

customElements.define("lente-turned", LenteTurned);
