import { html } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { sampleDigit } from "../digits/samples.js";
import { centreDrawing } from "../digits/server.js";
import { onWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { crossEntropy, klDivergence } from "../shared/losses.js";
import { newest } from "../shared/newest.js";
import { formatNumber, numberList } from "../shared/numbers.js";
import { planeHome, pointsOf } from "./plane/points.js";
import { encodePicture, fetchErrors, fetchSpace } from "./server.js";
import { latentSpace } from "./space.js";
import "../shared/pictures/lente-drawing.js";
import "../shared/ui/lente-legend.js";
import "../shared/ui/lente-loss-ruler.js";
import "../shared/ui/lente-map.js";
import "../shared/ui/lente-pictures.js";
import "./plane/lente-plane.js";

/**
 * @typedef {import("./space.js").LatentSpace} LatentSpace
 * @typedef {{input: Float32Array, mu: number[], logVariance: number[]}} Landing
 */

const MODEL = "vae_2d";
const EXAMPLE = 6;
const UNLIKE = 0.99;

/** Draw, and see where the drawing lands: its cloud on the map, the copy, the error and how unusual that is. */
export class LenteLatentLanding extends LenteElement {
  static properties = {
    space: { state: true },
    landing: { state: true },
    errors: { state: true },
    ruler: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** @type {LatentSpace | null} */ this.space = null;
    /** @type {Landing | null} */ this.landing = null;
    /** @type {ArrayLike<number>} squared errors of test digits, ascending */ this.errors = [];
    /** @type {Record<string, number>} */ this.ruler = {};
    this.fault = "";
    this.endReturned = () => {};
    this.ask = newest(
      land,
      (/** @type {Landing} */ landing) => Object.assign(this, { landing, fault: "" }),
      (error) => (this.fault = error.message),
      2,
    );
  }

  get pad() {
    return /** @type {import("../shared/pictures/lente-drawing.js").LenteDrawing} */ (
      this.querySelector("lente-drawing")
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.endReturned();
  }

  connectedCallback() {
    super.connectedCallback();
    this.endReturned = onWindow("returned", () => this.show());
    whenNear(this).then(() => this.load());
  }

  async load() {
    try {
      const [space, errors, { figures }] = await Promise.all([
        latentSpace(MODEL),
        fetchErrors(MODEL),
        fetchSpace("pca"),
      ]);
      Object.assign(this, { space, errors, ruler: figures });
      await this.pad.updateComplete;
      if (!this.pad.strokes.length) this.show();
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  /** What was drawn, or the example. */
  show() {
    if (!this.pad.restore()) this.pad.load({ strokes: sampleDigit(EXAMPLE) });
  }

  render() {
    return html`<div class="landing-exhibit">
      <div class="stack"><lente-drawing @draw=${this.onDraw}></lente-drawing></div>
      ${this.space && this.landing ? this.whole(this.space, this.landing) : html`<div class="waiting"></div>`}
      ${notice(this.fault)}
    </div>`;
  }

  /** @param {LatentSpace} space @param {Landing} landing */
  whole(space, { input, mu, logVariance }) {
    const copy = space.decode(mu);
    const difference = copy.map((value, i) => value - input[i]);
    const [rx, ry] = logVariance.map((value) => 2 * Math.exp(value / 2));
    const [x, y] = mu;
    return html`<figure>
        <lente-plane
          still
          prior
          .points=${pointsOf(space)}
          .home=${planeHome(space)}
          .shapes=${[{ kind: "ellipse", x, y, rx, ry }]}
          .at=${{ x, y }}
          label=${t("Where the drawing lands")}
        ></lente-plane>
        <figcaption class="figures">μ = (${numberList(mu, 2)}), σ = (${numberList([rx / 2, ry / 2], 3)})</figcaption>
      </figure>
      <div class="stack">
        <div class="landing-pictures">
          <figure>
            <lente-pictures still .pictures=${input} label=${t("What the network is given")}></lente-pictures>
            <figcaption>${t("centred as MNIST's")}</figcaption>
          </figure>
          <figure>
            <lente-pictures still .pictures=${copy} label=${t("The copy")}></lente-pictures>
            <figcaption>${t("the copy")}</figcaption>
          </figure>
          <figure>
            <lente-map
              still
              map="diverging"
              .tensor=${{ shape: [28, 28], data: difference }}
              .range=${{ low: -1, high: 1 }}
              label=${t("Copy minus original")}
            ></lente-map>
            <figcaption>${t("copy − original")}</figcaption>
          </figure>
        </div>
        <lente-legend low="-1" high="1" map="diverging"></lente-legend>
        ${this.verdict(difference)}
        <h3>${t("Grey-scale BCE + KL, summed, in nats")}</h3>
        <lente-loss-ruler .marks=${this.marks(space, input, copy, mu, logVariance)}></lente-loss-ruler>
      </div>`;
  }

  /** @param {Float32Array} difference */
  verdict(difference) {
    const error = difference.reduce((sum, value) => sum + value * value, 0) / difference.length;
    const better = Array.from(this.errors).filter((one) => one < error).length / (this.errors.length || 1);
    const words = { error: formatNumber(error, 3), percent: formatNumber(100 * better, 1) };
    return html`<p class="notice" data-kind=${better >= UNLIKE ? "bad" : "good"}>
      ${
        better >= UNLIKE
          ? t(
              "The copy is far off, unlike any digit that the network knows: squared error {error} per pixel, worse than {percent} % of the test digits.",
              words,
            )
          : t("Squared error {error} per pixel: {percent} % of the test digits are rebuilt better.", words)
      }
    </p>`;
  }

  /** @param {LatentSpace} space @param {Float32Array} input @param {Float32Array} copy @param {number[]} mu @param {number[]} logVariance @returns {import("../shared/ui/lente-loss-ruler.js").Mark[]} */
  marks(space, input, copy, mu, logVariance) {
    const kl = klDivergence(mu, logVariance).reduce((a, b) => a + b, 0);
    return [
      {
        value: crossEntropy(input, copy) + kl,
        title: t("this drawing (KL {kl})", { kl: formatNumber(kl, 1) }),
        own: true,
      },
      { value: crossEntropy(input, input), title: t("this drawing, copied perfectly") },
      { value: space.figures.bce_plus_kl_nats, title: t("this network, mean of the test digits") },
      { value: this.ruler.mean_picture_bce_nats, title: t("the mean picture for every test digit") },
      { value: this.ruler.floor_bce_nats, title: t("test digits, copied perfectly") },
    ].filter(({ value }) => Number.isFinite(value));
  }

  /** @param {CustomEvent<{values: Float32Array<ArrayBuffer>, empty: boolean}>} event */
  onDraw({ detail: { values, empty } }) {
    if (!empty) this.ask(values.slice());
  }
}

/** A drawing of 112 x 112 values, centred as MNIST's are, then encoded. @param {Float32Array<ArrayBuffer>} values @returns {Promise<Landing>} */
async function land(values) {
  const input = await centreDrawing(values, "landing, digit");
  return { input, ...(await encodePicture(MODEL, input, "landing, place")) };
}

customElements.define("lente-latent-landing", LenteLatentLanding);
