import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { oneOf } from "../frame/accepted.js";
import { addressed } from "../frame/addressed.js";
import { t } from "../frame/i18n.js";
import { whenNear } from "../frame/when_near.js";
import { fetchSpace } from "../latent/server.js";
import { modelTitle } from "../latent/space.js";
import { SIZES, modelOf } from "./bottlenecks.js";
import "../shared/ui/lente-loss-ruler.js";

/**
 * @typedef {import("../latent/space.js").LatentDecoder} LatentDecoder
 * @typedef {import("../shared/ui/lente-loss-ruler.js").Mark} Mark
 */

const VAES = ["vae_2d", "vae_10d"];

/** The networks' test losses on one scale: cross-entropy or squared error. Rendered in the page. */
export class LenteBottleneckRulers extends LenteElement {
  static properties = {
    size: { type: Number },
    squared: { state: true },
    spaces: { state: true },
    fault: { state: true },
  };

  constructor() {
    super();
    /** numbers in the code of the network that stands out */ this.size = 0;
    this.squared = false;
    addressed(this, {
      squared: {
        name: "loss",
        first: "bce",
        accepts: oneOf(["bce", "squared"]),
        read: (loss) => loss === "squared",
        write: (squared) => (squared ? "squared" : "bce"),
      },
    });
    /** @type {LatentDecoder[]} PCA first */ this.spaces = [];
    this.fault = "";
  }

  connectedCallback() {
    super.connectedCallback();
    whenNear(this).then(() => this.load());
  }

  async load() {
    try {
      this.spaces = await Promise.all(["pca", ...SIZES.map(modelOf), ...VAES].map(fetchSpace));
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
  }

  render() {
    return html`<div class="rulers stack">
      <span class="segments" role="group" aria-label=${t("Loss")}>
        <button type="button" aria-pressed=${!this.squared} @click=${() => (this.squared = false)}>
          ${t("grey-scale BCE")}
        </button>
        <button type="button" aria-pressed=${this.squared} @click=${() => (this.squared = true)}>
          ${t("squared error")}
        </button></span
      >
      <h3>
        ${this.squared ? t("Squared error per pixel, mean of 10 000 test digits") : t("Grey-scale BCE, summed over pixels, nats per picture, mean of 10 000 test digits")}
      </h3>
      ${this.spaces.length ? html`<lente-loss-ruler .decimals=${this.squared ? 4 : 1} .marks=${this.squared ? this.errors() : this.nats()}></lente-loss-ruler>` : nothing}
      ${this.squared ? nothing : html`<p class="small">${t("A perfect copy still pays the floor: a grey pixel is uncertain in itself (it has entropy). PCA is missing here because its copies leave the range 0 to 1, where this loss has no value.")}</p>`}
      ${notice(this.fault)}
    </div>`;
  }

  /** @returns {Mark[]} */
  nats() {
    const [{ figures }, ...networks] = this.spaces;
    return [
      { value: figures.mean_picture_bce_nats, title: t("the mean picture for every digit") },
      ...networks.map((space) => this.mark(space, space.figures.bce_nats)),
      { value: figures.floor_bce_nats, title: t("a perfect copy (floor)") },
    ];
  }

  /** @returns {Mark[]} */
  errors() {
    const [{ figures }, ...networks] = this.spaces;
    const pca = SIZES.map((size) => ({ value: figures[`squared_error_per_pixel_${size}`], title: `PCA, ${size}` }));
    return [
      { value: figures.squared_error_per_pixel_mean, title: t("the mean picture for every digit") },
      ...pca,
      ...networks.map((space) => this.mark(space, space.figures.squared_error_per_pixel)),
    ];
  }

  /** @param {LatentDecoder} space @param {number} value @returns {Mark} */
  mark({ name }, value) {
    return { value, title: modelTitle(name), own: name === modelOf(this.size) };
  }
}

customElements.define("lente-bottleneck-rulers", LenteBottleneckRulers);
