import { html, live, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { digitNetwork } from "../digits/server.js";
import { listOf, placeIn, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { formatNumber, formatPercent } from "../shared/numbers.js";
import { whenNear } from "../frame/when_near.js";
import { likeliest } from "../shared/statistics.js";
import { sureness } from "../shared/sureness.js";
import { gatherPictures, lerp, spherical } from "./between.js";
import { testDigits } from "./server.js";
import { latentSpace, modelTitle } from "./space.js";
import "../shared/ui/lente-pictures.js";

/** @typedef {import("./space.js").LatentSpace} LatentSpace */
/** @typedef {{title: string, pictures: Float32Array[]}} Strip */

const STEPS = 11;
const PAIRS = [
  ["autoencoder_2d", "vae_2d"],
  ["autoencoder_10d", "vae_10d"],
];

/** From one test digit to another four ways, in step: pixels, autoencoder, VAE straight and along an arc. And a - b + c. */
export class LenteLatentBlend extends LenteElement {
  static properties = {
    spaces: { state: true },
    digits: { state: true },
    images: { state: true },
    step: { state: true },
    pair: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {LatentSpace[]} an autoencoder and a VAE */ this.spaces = [];
    /** @type {number[]} from, to, and the third of the sum */ this.digits = [0, 18, 14];
    /** @type {Float32Array | null} */ this.images = null;
    this.step = 5;
    this.pair = 1;
    addressed(
      this,
      {
        digits: { name: "digits", first: [0, 18, 14], accepts: listOf(wholeFrom(0, 9999), 3) },
        pair: { name: "blend", first: 1, accepts: placeIn(PAIRS) },
        step: { name: "step", first: 5, accepts: wholeFrom(0, STEPS - 1) },
      },
      () => this.load(this.pair),
    );
    this.fault = "";
    /** @type {import("../digits/server.js").DigitReader | null} */ this.read = null;
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load(this.pair));
  }

  /** @param {number} pair */
  async load(pair) {
    try {
      const [read, ...spaces] = await Promise.all([digitNetwork(), ...PAIRS[pair].map(latentSpace)]);
      Object.assign(this, { read, spaces, pair, fault: "" });
      await this.show(this.digits);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {number[]} digits */
  async show(digits) {
    try {
      const images = await testDigits(digits);
      Object.assign(this, { digits, images });
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  render() {
    return html`<div class="blend-exhibit">
      ${this.images && this.spaces.length ? this.whole(this.images, this.spaces) : html`<div class="waiting"></div>`}
      ${notice(this.fault)}
    </div>`;
  }

  /** @param {Float32Array} images @param {LatentSpace[]} spaces */
  whole(images, spaces) {
    const [from, to] = [images.subarray(0, 784), images.subarray(784, 1568)];
    return html`<div class="row" data-hideable="blend-controls">
        ${this.picker(0, t("From"), from)}${this.picker(1, t("To"), to)}
        <span class="segments" role="group" aria-label=${t("Numbers in the code")}>
          <button type="button" aria-pressed=${this.pair === 0} @click=${() => this.load(0)}>
            ${t("Two numbers")}
          </button>
          <button type="button" aria-pressed=${this.pair === 1} @click=${() => this.load(1)}>
            ${t("Ten numbers")}
          </button></span
        >
      </div>
      <div class="strips">
        ${this.strips(from, to, spaces).map((strip) => this.strip(strip))} <span></span
        ><input
          type="range"
          min="0"
          max=${STEPS - 1}
          step="1"
          aria-label=${t("Step from the first digit to the second")}
          .value=${live(String(this.step))}
          @input=${(/** @type {Event} */ event) => (this.step = Number(/** @type {HTMLInputElement} */ (event.target).value))}
        />
      </div>
      ${this.sum(images, spaces[1])}`;
  }

  /** @param {number} place @param {string} title @param {Float32Array} picture */
  picker(place, title, picture) {
    return html`<span class="picker"
      ><lente-pictures still .pictures=${picture} label=${title}></lente-pictures>
      <span
        ><b>${title}</b><br /><button type="button" @click=${() => this.another(place)}>${t("Another")}</button></span
      ></span
    >`;
  }

  /** @param {Float32Array} from @param {Float32Array} to @param {LatentSpace[]} spaces @returns {Strip[]} */
  strips(from, to, [plain, variational]) {
    const shares = Array.from({ length: STEPS }, (_, i) => i / (STEPS - 1));
    const ends = (/** @type {LatentSpace} */ space) =>
      this.digits.map((index) => space.mu.subarray(index * space.z, (index + 1) * space.z));
    const [[a, b], [c, d]] = [ends(plain), ends(variational)];
    return [
      { title: t("Pixels"), pictures: shares.map((share) => Float32Array.from(lerp(from, to, share))) },
      { title: modelTitle(plain.name), pictures: shares.map((share) => plain.decode(lerp(a, b, share))) },
      {
        title: t("{model}, straight", { model: modelTitle(variational.name) }),
        pictures: shares.map((share) => variational.decode(lerp(c, d, share))),
      },
      {
        title: t("{model}, along an arc", { model: modelTitle(variational.name) }),
        pictures: shares.map((share) => variational.decode(spherical(c, d, share))),
      },
    ];
  }

  /** @param {Strip} strip */
  strip({ title, pictures }) {
    const readings = pictures.map((picture) => this.reading(picture));
    const digits = readings.map(({ probabilities }) => likeliest(probabilities)[0]);
    const share = (/** @type {number} */ i) => readings[i].probabilities[digits[i]];
    return html`<span class="strip-title">${title}</span>
      <div>
        <lente-pictures
          columns=${STEPS}
          .pictures=${gatherPictures(pictures)}
          .chosen=${this.step}
          label=${title}
          @point=${(/** @type {CustomEvent<number | null>} */ event) => (this.step = event.detail ?? this.step)}
        ></lente-pictures>
        <div class="sureness" aria-hidden="true">
          ${digits.map((digit, i) => html`<span><i class=${sureness(readings[i]) === "none" ? "doubtful" : ""} style=${styleMap({ height: `${100 * share(i)}%`, background: `var(--class-${digit})` })}></i></span>`)}
        </div>
      </div>
      <output aria-live="off" class="strip-reading"
        >${t("step {step}: {digit}, {percent} %", { step: this.step, digit: digits[this.step], percent: Math.round(100 * share(this.step)) })}<br />${t("a digit at all? {percent}", { percent: formatPercent(readings[this.step].judged ?? 0) })}</output
      >`;
  }

  /** @param {Float32Array} picture @returns {import("../shared/sureness.js").Reading} */
  reading(picture) {
    return this.read?.(picture) ?? { probabilities: new Float32Array(10), judged: 0 };
  }

  /** @param {Float32Array} images @param {LatentSpace} space */
  sum(images, space) {
    const [a, b, c] = this.digits.map((index) => space.mu.subarray(index * space.z, (index + 1) * space.z));
    const code = Array.from(a, (value, i) => value - b[i] + c[i]);
    const picture = space.decode(code);
    const { probabilities, judged } = this.reading(picture);
    const digit = likeliest(probabilities)[0];
    return html`<h3 data-hideable="sum">${t("Arithmetic: first minus second plus a third")}</h3>
      <div class="row arithmetic figures" data-hideable="sum">
        <lente-pictures still .pictures=${images.subarray(0, 784)} label=${t("First digit")}></lente-pictures>−
        <lente-pictures still .pictures=${images.subarray(784, 1568)} label=${t("Second digit")}></lente-pictures>+
        ${this.picker(2, t("Third"), images.subarray(1568))}<span>=</span>
        <lente-pictures still .pictures=${picture} label=${t("Decoded sum")}></lente-pictures>
        <output aria-live="off"
          >${t("read as {digit}, {percent} %", { digit, percent: formatNumber(100 * probabilities[digit], 1) })}<br />${t("a digit at all? {percent}", { percent: formatPercent(judged ?? 0) })}</output
        >
      </div>
      <p class="small" data-hideable="sum">
        ${t("Computed with the codes of {model}; nothing promises that the result is a digit.", { model: modelTitle(space.name) })}
      </p>`;
  }

  /** @param {number} place */
  another(place) {
    this.show(this.digits.with(place, Math.floor(Math.random() * this.spaces[0].count)));
  }
}

customElements.define("lente-latent-blend", LenteLatentBlend);
