import { html, live, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { oneOf } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { formatNumber } from "../shared/numbers.js";
import { normals, shareWithin } from "../shared/statistics.js";
import { gatherPictures } from "./between.js";
import { testDigits } from "./server.js";
import { pointsOf } from "./plane/points.js";
import { rateDistortion } from "./rate_distortion.js";
import { latentSpace } from "./space.js";
import "../shared/ui/lente-pictures.js";
import "./plane/lente-plane.js";

/** @typedef {import("./space.js").LatentSpace} LatentSpace */

const RAIL = [0.1, 0.5, 1, 2, 4, 10];
const DIGITS = [3, 2, 1, 18, 4, 8, 11, 0, 61, 7];
const SAMPLES = 20;

/** One handle for beta: map, samples, copies, KL divergence and sigma of six networks move together. */
export class LenteLatentBetas extends LenteElement {
  static properties = {
    spaces: { state: true },
    beta: { state: true },
    digits: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {Map<number, LatentSpace>} */ this.spaces = new Map();
    this.beta = 1;
    addressed(this, { beta: { name: "beta", first: 1, accepts: oneOf(RAIL) } });
    /** @type {Float32Array | null} */ this.digits = null;
    this.fault = "";
    const random = normals(3);
    /** @type {[number, number][]} the same for every beta */ this.draws = Array.from({ length: SAMPLES }, () => [
      random(),
      random(),
    ]);
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  /** The chosen one first, then the others. */
  async load() {
    for (const beta of [this.beta, ...RAIL.filter((one) => one !== this.beta)]) {
      try {
        this.digits ??= await testDigits(DIGITS);
        const space = await latentSpace(beta === 1 ? "vae_2d" : `vae_2d_beta_${beta}`);
        this.spaces = new Map(this.spaces).set(beta, space);
      } catch (error) {
        this.fault = /** @type {Error} */ (error).message;
      }
    }
  }

  render() {
    const space = this.spaces.get(this.beta);
    const at = RAIL.indexOf(this.beta);
    return html`<div class="betas-exhibit">
      <label class="rail" data-hideable="betas-rail"
        ><span class="figures">β</span>
        <span class="rail-track"
          ><input
            type="range"
            min="0"
            max=${RAIL.length - 1}
            step="1"
            list="betas"
            aria-label="β"
            aria-valuetext=${formatNumber(this.beta)}
            .value=${live(String(at))}
            @input=${(/** @type {Event} */ event) => this.choose(RAIL[Number(/** @type {HTMLInputElement} */ (event.target).value)])}
          />
          <span class="rail-ticks figures"
            >${RAIL.map((beta) => html`<button type="button" class="quiet" aria-pressed=${beta === this.beta} @click=${() => this.choose(beta)}>${formatNumber(beta)}</button>`)}</span
          ></span
        ></label
      >
      <div class="rail-ends small">
        <span>${t("Copying counts most: the clouds are tiny.")}</span
        ><span>${t("N(0, I) counts most: wide clouds that overlap, and copies that are further off.")}</span>
      </div>
      ${space && this.digits ? this.panels(space, this.digits) : html`<div class="waiting"></div>`}
      ${notice(this.fault)}
    </div>`;
  }

  /** @param {LatentSpace} space @param {Float32Array} digits */
  panels(space, digits) {
    const copies = DIGITS.map((index) => space.decode(space.mu.subarray(2 * index, 2 * index + 2)));
    const pairs = gatherPictures([...DIGITS.map((_, i) => digits.subarray(784 * i, 784 * (i + 1))), ...copies]);
    return html`<div class="betas-panels">
      <figure>
        <lente-plane
          still
          prior
          .points=${pointsOf(space)}
          .home=${{ x: 0, y: 0, reach: 4.5 }}
          .shapes=${this.clouds(space)}
          label=${t("Codes for this beta, with the clouds of ten digits to scale")}
        ></lente-plane>
        <figcaption>
          ${t("10 000 codes and, to scale, the clouds of the ten test digits shown: two sigma each way, which hold {percent} % of their samples.", { percent: Math.round(100 * shareWithin(2)) })}
          ${outside(space)}
        </figcaption>
      </figure>
      <div class="stack">
        <figure>
          <lente-pictures
            still
            columns="10"
            .pictures=${pairs}
            label=${t("Ten test digits and their copies")}
          ></lente-pictures>
          <figcaption>${t("Ten test digits, and what comes back.")}</figcaption>
        </figure>
        <figure>
          <lente-pictures
            still
            columns="10"
            .pictures=${gatherPictures(this.draws.map((z) => space.decode(z)))}
            label=${t("Twenty samples of N(0, I)")}
          ></lente-pictures>
          <figcaption>${t("Twenty samples of N(0, I), the same for every β.")}</figcaption>
        </figure>
        ${this.facts(space)} ${rateDistortion(this.weighed(), this.beta)}
      </div>
    </div>`;
  }

  /** @param {LatentSpace} space */
  facts({ figures, kl = [], sigma = [] }) {
    const most = Math.max(...[...this.spaces.values()].flatMap((space) => space.kl ?? []));
    return html`<table class="facts">
      <tbody>
        <tr>
          <th scope="row">${t("reconstruction, grey-scale BCE, nats for a digit")}</th>
          <td>${formatNumber(figures.bce_nats, 1)}</td>
        </tr>
        <tr>
          <th scope="row">${t("KL divergence, nats for a digit: at most what its code carries")}</th>
          <td>${formatNumber(figures.kl_nats, 2)}</td>
        </tr>
        <tr>
          <th scope="row">${t("grey-scale BCE + KL, summed")}</th>
          <td>${formatNumber(figures.bce_plus_kl_nats, 1)}</td>
        </tr>
        <tr>
          <th scope="row">${t("BCE + β × KL: what the training made as small as it could")}</th>
          <td>${formatNumber(figures.bce_plus_beta_kl_nats, 1)}</td>
        </tr>
        ${kl.map(
          (nats, i) =>
            html`<tr>
              <th scope="row">
                ${t("z{number}: KL in nats, mean sigma", { number: "₁₂"[i] })}<span class="bar"
                  ><i style=${styleMap({ transform: `scaleX(${nats / most})` })}></i
                ></span>
              </th>
              <td>KL ${formatNumber(nats, 2)}&emsp;σ ${formatNumber(sigma[i], 3)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** @param {LatentSpace} space @returns {import("./plane/painting.js").Shape[]} */
  clouds({ mu, logVariance, labels }) {
    return DIGITS.map((index) => {
      const [rx, ry] = [0, 1].map((i) => 2 * Math.exp(/** @type {Float32Array} */ (logVariance)[2 * index + i] / 2));
      return { kind: "ellipse", x: mu[2 * index], y: mu[2 * index + 1], rx, ry, label: labels[index] };
    });
  }

  /** What is known by now of each beta. @returns {import("./rate_distortion.js").Weighed[]} */
  weighed() {
    return RAIL.flatMap((beta) => {
      const figures = this.spaces.get(beta)?.figures;
      return figures ? [{ beta, rate: figures.kl_nats, distortion: figures.bce_nats }] : [];
    });
  }

  /** @param {number} beta */
  choose(beta) {
    this.beta = beta;
  }
}

/** Says how many codes lie outside of the map. @param {LatentSpace} space */
function outside({ mu, count }) {
  let beyond = 0;
  for (let i = 0; i < count; i++) if (Math.max(Math.abs(mu[2 * i]), Math.abs(mu[2 * i + 1])) > 4.5) beyond++;
  return beyond ? t("{beyond} of them lie outside this map.", { beyond }) : "";
}

customElements.define("lente-latent-betas", LenteLatentBetas);
