import { html, live, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { asWritten } from "../frame/address_table.js";
import { listOf, numberFrom, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { formatNumber } from "../shared/numbers.js";
import { normals, shareWithin } from "../shared/statistics.js";
import { EXAMPLE } from "./bells.js";
import { gatherPictures } from "./between.js";
import { testDigits } from "./server.js";
import { pointsOf, planeHome } from "./plane/points.js";
import { latentSpace } from "./space.js";
import { LARGEST } from "../shared/ui/slider_rows.js";
import "./lente-code-table.js";
import "../shared/ui/lente-pictures.js";
import "./plane/lente-plane.js";

/** @typedef {import("./space.js").LatentSpace} LatentSpace */
/** @typedef {{mu: number[], logVariance: number[], sigma: number[]}} Cloud */

const SAMPLES = 16;
const LENS_SIGMAS = 4;
const LENS_SHARE = 0.4; // of the map's width, as the style sheet has it

/** One picture through an autoencoder (a dot) and a variational one (a cloud, to scale), and samples of the cloud. */
export class LenteLatentCloud extends LenteElement {
  static properties = {
    spaces: { state: true },
    picture: { state: true },
    digit: { state: true },
    seed: { state: true },
    frozen: { state: true },
    scale: { state: true },
    chosen: { state: true },
    slide: { state: true },
    slideZ: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {{dot: LatentSpace, cloud: LatentSpace} | null} */ this.spaces = null;
    /** @type {Float32Array | null} */ this.picture = null;
    this.digit = 7;
    this.seed = 1;
    this.scale = 1;
    this.frozen = false;
    this.chosen = 0;
    this.slide = false;
    this.slideZ = EXAMPLE.z;
    addressed(
      this,
      {
        digit: { name: "digit", first: 7, accepts: wholeFrom(0, 9999) },
        seed: { name: "seed", first: 1, accepts: wholeFrom(0) },
        scale: { name: "scale", first: 1, accepts: numberFrom(0, 5) },
        frozen: { name: "frozen", first: false },
        chosen: { name: "sample", first: 0, accepts: wholeFrom(0, SAMPLES - 1) },
        slide: { name: "slide", first: false },
        slideZ: { name: "slidez", first: EXAMPLE.z, accepts: listOf(numberFrom(-LARGEST, LARGEST), EXAMPLE.z.length) },
      },
      () => this.load(),
    );
    this.fault = "";
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  async load() {
    try {
      const [cloud, dot] = await Promise.all([latentSpace("vae_2d"), latentSpace("autoencoder_2d")]);
      this.spaces = { cloud, dot };
      await this.showDigit(this.digit);
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {number} digit */
  async showDigit(digit) {
    Object.assign(this, { digit, picture: await testDigits([digit]) });
  }

  /** @returns {number[][]} sixteen times epsilon */
  get epsilons() {
    const random = normals(this.seed);
    return Array.from({ length: SAMPLES }, () => [random(), random()]);
  }

  render() {
    return html`<div class="cloud-exhibit">
      ${this.spaces && this.picture ? this.whole(this.spaces, this.picture) : html`<div class="waiting"></div>`}
      ${notice(this.fault)}
    </div>`;
  }

  /** @param {{dot: LatentSpace, cloud: LatentSpace}} spaces @param {Float32Array} picture */
  whole({ dot, cloud }, picture) {
    const place = codeOf(dot, this.digit);
    const own = cloudOf(cloud, this.digit);
    const { epsilons } = this;
    const samples = epsilons.map((epsilon) => own.mu.map((mu, i) => mu + this.scale * own.sigma[i] * epsilon[i]));
    return html` <div class="row cloud-controls" data-hideable="cloud-controls">
        <button type="button" @click=${this.another}>${t("Another digit")}</button>
        <button type="button" class="primary" @click=${this.roll}>${t("Roll the dice")}</button>
        <label
          ><input
            type="checkbox"
            .checked=${live(this.frozen)}
            @change=${() => (this.frozen = !this.frozen)}
          />${t("Freeze ε when the digit changes")}</label
        >
        <label class="scale"
          >σ ×
          <input
            type="range"
            min="0"
            max="5"
            step="0.05"
            .value=${live(String(this.scale))}
            aria-label=${t("Scale of sigma")}
            @input=${(/** @type {Event} */ event) => this.rescale(Number(/** @type {HTMLInputElement} */ (event.target).value))}
          /><output aria-live="off">${formatNumber(this.scale, 2)}</output></label
        >
      </div>
      <div class="cloud-panels">
        ${this.dotPanel(dot, place, picture)} ${this.cloudPanel(cloud, own, samples)}
        <figure>
          <h3>${t("Sixteen samples of the cloud, decoded")}</h3>
          <lente-pictures
            columns="4"
            .pictures=${gatherPictures(samples.map((z) => cloud.decode(z)))}
            .chosen=${this.chosen}
            label=${t("Sixteen samples of the cloud, decoded")}
            @point=${(/** @type {CustomEvent<number | null>} */ event) => (this.chosen = event.detail ?? this.chosen)}
          ></lente-pictures>
          <figcaption>
            ${this.scale === 0 ? t("Sigma is 0: the cloud is a dot, and all samples are the same.") : t("Every sample is another place in the cloud, so another picture of nearly the same digit.")}
          </figcaption>
        </figure>
      </div>
      <div class="row">
        <span class="segments" role="group" aria-label=${t("Numbers shown")}>
          <button type="button" aria-pressed=${!this.slide} @click=${() => (this.slide = false)}>
            ${t("This digit")}
          </button>
          <button type="button" aria-pressed=${this.slide} @click=${() => (this.slide = true)}>
            ${t("A worked example")}
          </button></span
        >
        ${this.slide ? html`<button type="button" @click=${this.rollSlide}>${t("Sample again")}</button>` : nothing}
      </div>
      <lente-code-table
        .decimals=${this.slide ? 2 : 3}
        .rows=${this.slide ? this.slideRows() : this.digitRows(own, epsilons[this.chosen], samples[this.chosen])}
      ></lente-code-table>`;
  }

  /** @param {LatentSpace} dot @param {number[]} place @param {Float32Array} picture */
  dotPanel(dot, place, picture) {
    return html`<figure>
      <h3>${t("Autoencoder: a dot")}</h3>
      <lente-plane
        still
        .points=${pointsOf(dot)}
        .home=${planeHome(dot)}
        .at=${{ x: place[0], y: place[1] }}
        label=${t("The digit's place in the autoencoder's space")}
      ></lente-plane>
      <div class="two-pictures">
        <lente-pictures still .pictures=${picture} label=${t("The digit")}></lente-pictures
        ><span aria-hidden="true">→</span>
        <lente-pictures still .pictures=${dot.decode(place)} label=${t("The digit, rebuilt")}></lente-pictures>
      </div>
      <figcaption>
        ${t("Test digit {number}, class {label}. In: the picture. Out: always the same two numbers, always the same copy.", { number: this.digit, label: dot.labels[this.digit] })}
      </figcaption>
    </figure>`;
  }

  /** @param {LatentSpace} cloud @param {Cloud} own @param {number[][]} samples */
  cloudPanel(cloud, own, samples) {
    const [x, y] = own.mu;
    const [rx, ry] = own.sigma.map((sigma) => 2 * sigma * this.scale);
    const home = planeHome(cloud);
    const reach = LENS_SIGMAS * Math.max(...own.sigma) * Math.max(this.scale, 1);
    /** @type {import("./plane/painting.js").Shape[]} */
    const ellipse = [{ kind: "ellipse", x, y, rx, ry }];
    /** @type {import("./plane/painting.js").Shape[]} */
    const dots = samples.map(([a, b]) => ({ kind: "dot", x: a, y: b }));
    const [a, b] = samples[this.chosen];
    return html`<figure>
      <h3>${t("Variational autoencoder: a cloud")}</h3>
      <lente-plane
        still
        .points=${pointsOf(cloud)}
        .home=${home}
        .shapes=${ellipse}
        .at=${{ x, y }}
        label=${t("The digit's cloud in the variational space, to scale")}
      ></lente-plane>
      <div class="with-lens">
        <lente-plane
          still
          bare
          class="lens"
          .points=${pointsOf(cloud)}
          .home=${{ x, y, reach }}
          .shapes=${[...ellipse, ...dots]}
          .at=${{ x: a, y: b }}
          label=${t("The same under a lens")}
        ></lente-plane>
        <figcaption>
          ${t("The ellipse reaches two sigma each way and holds {percent} % of the samples. It is drawn to scale: {width} × {height} on a map {wide} wide. The lens enlarges it {times} times.", { percent: Math.round(100 * shareWithin(2)), width: formatNumber(2 * rx, 3), height: formatNumber(2 * ry, 3), wide: formatNumber(2 * home.reach, 1), times: formatNumber((LENS_SHARE * home.reach) / reach, 1) })}
        </figcaption>
      </div>
    </figure>`;
  }

  /** @param {Cloud} own @param {number[]} epsilon @param {number[]} z @returns {import("./lente-code-table.js").CodeRow[]} */
  digitRows({ mu, logVariance, sigma }, epsilon, z) {
    return [
      { name: "μ", meaning: t("the middle: the encoder's first answer"), values: mu },
      { name: "log σ²", meaning: t("its second answer: the logarithm of the variance"), values: logVariance },
      { name: "σ", meaning: "= exp(½ log σ²)", values: sigma },
      { name: "ε", meaning: t("the dice: one draw from the bell curve"), values: epsilon },
      {
        name: "z",
        meaning: this.scale === 1 ? "= μ + σ ε" : `= μ + ${formatNumber(this.scale, 2)} σ ε`,
        values: z,
        kind: "result",
      },
    ];
  }

  /** @returns {import("./lente-code-table.js").CodeRow[]} */
  slideRows() {
    const { mu, sigma } = EXAMPLE;
    return [
      { name: "μ", meaning: t("the example's middle"), values: mu },
      { name: "log σ²", meaning: t("the logarithm of the variance"), values: sigma.map((one) => 2 * Math.log(one)) },
      { name: "σ", meaning: t("the example's spread"), values: sigma },
      {
        name: "ε",
        meaning: t("the dice: one draw from the bell curve"),
        values: this.slideZ.map((z, i) => (z - mu[i]) / sigma[i]),
      },
      { name: "z", meaning: "= μ + σ ε", values: this.slideZ, kind: "result" },
    ];
  }

  async another() {
    try {
      await this.showDigit(Math.floor(Math.random() * (this.spaces?.cloud.count ?? 1)));
      if (!this.frozen) this.roll();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  roll() {
    this.seed = Math.floor(Math.random() * 1e6);
  }

  rollSlide() {
    const random = normals(Math.floor(Math.random() * 1e6));
    this.slideZ = asWritten(EXAMPLE.mu.map((mu, i) => mu + EXAMPLE.sigma[i] * random()));
  }

  /** @param {number} scale */
  rescale(scale) {
    this.scale = scale;
  }
}

/** @param {LatentSpace} space @param {number} index */
function codeOf({ mu, z }, index) {
  return Array.from(mu.subarray(index * z, (index + 1) * z));
}

/** @param {LatentSpace} space @param {number} index @returns {Cloud} */
function cloudOf(space, index) {
  const logVariance = Array.from(
    /** @type {Float32Array} */ (space.logVariance).subarray(index * space.z, (index + 1) * space.z),
  );
  return { mu: codeOf(space, index), logVariance, sigma: logVariance.map((value) => Math.exp(value / 2)) };
}

customElements.define("lente-latent-cloud", LenteLatentCloud);
