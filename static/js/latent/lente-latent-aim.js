import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { placeIn, wholeFrom } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { formatNumber } from "../shared/numbers.js";
import { entropyBits, likeliest } from "../shared/statistics.js";
import { LEAST } from "../shared/sureness.js";
import { gatherPictures } from "./between.js";
import { planeHome, pointsOf } from "./plane/points.js";
import { sampleCodes } from "./server.js";
import { latentSpace, modelTitle } from "./space.js";
import "../shared/ui/lente-pictures.js";
import "./plane/lente-plane.js";

/**
 * @typedef {import("./space.js").LatentSpace} LatentSpace
 * @typedef {{space: LatentSpace, z: Float32Array, pictures: Float32Array, counts: number[], passed: number, distance: number, typical: number}} Shot
 */

const COUNT = 100;
const PAIRS = [
  ["autoencoder_2d", "vae_2d"],
  ["autoencoder_10d", "vae_10d"],
];

/** A hundred codes from N(0, I), through an autoencoder and a variational one: what comes out, and how it is spread. */
export class LenteLatentAim extends LenteElement {
  static properties = { pair: { state: true }, seed: { state: true }, shots: { state: true }, fault: { state: true } };

  constructor() {
    super();
    this.pair = 0;
    this.seed = 0;
    addressed(
      this,
      {
        pair: { name: "aim", first: 0, accepts: placeIn(PAIRS) },
        seed: { name: "shots", first: 0, accepts: wholeFrom(0) },
      },
      () => this.shoot(),
    );
    /** @type {Shot[]} */ this.shots = [];
    this.fault = "";
    /** What the shots that are shown are of. @type {{pair: number, seed: number} | null} */ this.came = null;
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.shoot());
  }

  async shoot() {
    const { pair, seed } = this;
    try {
      const shots = await Promise.all(PAIRS[pair].map((name) => take(name, seed)));
      if (pair === this.pair && seed === this.seed) Object.assign(this, { shots, came: { pair, seed }, fault: "" });
    } catch (error) {
      Object.assign(this, this.came, { fault: /** @type {Error} */ (error).message });
    }
  }

  render() {
    return html`<div class="aim-exhibit">
      <div class="row" data-hideable="aim-controls">
        <span class="segments" role="group" aria-label=${t("Numbers in the code")}>
          <button type="button" aria-pressed=${this.pair === 0} @click=${() => this.choose(0)}>
            ${t("Two numbers")}
          </button>
          <button type="button" aria-pressed=${this.pair === 1} @click=${() => this.choose(1)}>
            ${t("Ten numbers")}
          </button></span
        >
        <button type="button" class="primary" @click=${this.again}>${t("Another hundred")}</button>
      </div>
      <div class="aim-panels">${this.shots.map((shot) => this.panel(shot))}</div>
      ${notice(this.fault)}
    </div>`;
  }

  /** @param {Shot} shot */
  panel({ space, z, pictures, counts, passed, distance, typical }) {
    const spread = Math.sqrt(space.std.reduce((sum, one) => sum + one * one, 0) / space.z);
    return html`<section class="stack">
      <h3>${modelTitle(space.name)}</h3>
      <div class=${space.z === 2 ? "plane-and-sheet" : ""}>
        ${space.z === 2 ? this.plane(space, z) : nothing}
        <lente-pictures
          still
          columns="10"
          .pictures=${pictures}
          label=${t("A hundred decoded samples, sorted by the digit that is read")}
        ></lente-pictures>
      </div>
      <div class="counts" role="img" aria-label=${t("How many of each digit: {counts}", { counts: counts.join(", ") })}>
        ${counts.map(
          (count, digit) =>
            html`<span
              ><b>${count}</b
              ><i
                ><i
                  style=${styleMap({ height: `${(100 * count) / Math.max(...counts)}%`, background: `var(--class-${digit})` })}
                ></i></i
              >${digit}</span
            >`,
        )}
      </div>
      <table class="facts">
        <tbody>
          <tr>
            <th scope="row">${t("spread of the codes (the bell curve has 1)")}</th>
            <td>${formatNumber(spread, 2)}</td>
          </tr>
          <tr>
            <th scope="row">${t("how evenly the ten digits come up (at most 3.32 bits)")}</th>
            <td>${formatNumber(entropyBits(counts), 2)}</td>
          </tr>
          <tr>
            <th scope="row">${t("samples that the judge takes for digits")}</th>
            <td>${passed}</td>
          </tr>
          <tr>
            <th scope="row">
              ${t("squared distance to the nearest test digit (between test digits: {typical})", { typical: formatNumber(typical, 1) })}
            </th>
            <td>${formatNumber(distance, 1)}</td>
          </tr>
        </tbody>
      </table>
    </section>`;
  }

  /** @param {LatentSpace} space @param {Float32Array} z */
  plane(space, z) {
    const shapes = Array.from({ length: COUNT }, (_, i) => ({
      kind: /** @type {const} */ ("dot"),
      x: z[2 * i],
      y: z[2 * i + 1],
    }));
    return html`<lente-plane
      still
      prior
      .points=${pointsOf(space)}
      .home=${planeHome(space)}
      .shapes=${shapes}
      label=${t("The codes, and the hundred shots")}
    ></lente-plane>`;
  }

  /** @param {number} pair */
  choose(pair) {
    this.pair = pair;
    this.shoot();
  }

  again() {
    this.seed += 1;
    this.shoot();
  }
}

/** @param {string} name @param {number} seed @returns {Promise<Shot>} */
async function take(name, seed) {
  const [space, { tensors, facts }] = await Promise.all([latentSpace(name), sampleCodes(name, { count: COUNT, seed })]);
  if (!tensors.probabilities) throw new Error(t("The digit network cannot be read, so nobody counts what comes out."));
  const digits = likeliest(tensors.probabilities.data);
  const images = /** @type {Float32Array} */ (tensors.images.data);
  const order = Array.from(digits.keys()).sort((a, b) => digits[a] - digits[b]);
  return {
    space,
    z: /** @type {Float32Array} */ (tensors.z.data),
    pictures: gatherPictures(order.map((i) => images.subarray(784 * i, 784 * (i + 1)))),
    counts: Array.from({ length: 10 }, (_, digit) => digits.filter((one) => one === digit).length),
    passed: order.filter((i) => tensors.judged.data[i] >= LEAST).length,
    distance: Float32Array.from(tensors.distance.data).sort()[COUNT / 2],
    typical: facts.typical_distance,
  };
}

customElements.define("lente-latent-aim", LenteLatentAim);
