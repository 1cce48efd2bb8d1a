import { html, nothing, styleMap } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { Near } from "../frame/when_near.js";
import { newest } from "../shared/newest.js";
import { formatNumber } from "../shared/numbers.js";
import { fetchSamples, thumbnailStyle, uploadPicture } from "../shared/pictures/pictures.js";
import { fitted } from "../shared/pictures/smaller.js";
import { subTensor } from "../shared/tensors.js";
import { address, fetchAnswer, fetchMap } from "./server.js";
import "./lente-feature-triple.js";
import "../shared/ui/lente-map.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("./server.js").Prediction} Prediction
 * @typedef {import("../shared/safetensors.js").Tensor} Tensor
 */

/**
 * Two photographs through the same network: one map of both on one scale, their difference, and the two answers. Rendered in
 * the page.
 *
 * @fires choose - part of the page's state
 */
export class LenteFeatureTwo extends LenteElement {
  static properties = {
    state: { attribute: false },
    network: { attribute: false },
    layer: { type: String },
    channel: { type: Number },
    cell: { attribute: false },
    pixels: { attribute: false },
    prediction: { attribute: false },
    samples: { state: true },
    other: { state: true },
    maps: { state: true },
    fault: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** @type {import("./server.js").Network | null} */ this.network = null;
    this.layer = "";
    this.channel = 0;
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell = null;
    /** What the network is given of the first. @type {Tensor | null} */ this.pixels = null;
    /** @type {Prediction | null} */ this.prediction = null;
    /** @type {import("../shared/pictures/pictures.js").PictureInfo[]} */ this.samples = [];
    /** What the network is given of the second, and what it says to it. @type {{pixels: Tensor, prediction: Prediction | null} | null} */ this.other =
      null;
    /** One map of both, and which. @type {{of: string, pair: [Tensor, Tensor]} | null} */ this.maps = null;
    this.fault = "";
    this.busy = false;
    this.near = new Near(this, () =>
      fetchSamples().then(
        (samples) => (this.samples = samples),
        (error) => (this.fault = error.message),
      ),
    );
    this.asked = ["", ""];
    const failed = (/** @type {Error} */ error) => (this.fault = error.message);
    this.loadOther = newest(
      (/** @type {FeaturesState} */ state, /** @type {number} */ classes) => fetchAnswer(state, classes),
      ([seen, prediction]) => Object.assign(this, { other: { pixels: seen.tensors.pixels, prediction }, fault: "" }),
      failed,
    );
    this.loadMaps = newest(
      (
        /** @type {FeaturesState} */ state,
        /** @type {FeaturesState} */ other,
        /** @type {string} */ layer,
        /** @type {number} */ channel,
      ) => Promise.all([fetchMap(state, layer, channel), fetchMap(other, layer, channel)]),
      (pair, _, other, layer, map) => {
        const of = t("{layer}, map {map}", { layer, map });
        Object.assign(this, { maps: { of, pair }, fault: "" });
      },
      failed,
    );
  }

  /** The second picture; one that comes along unless one was chosen. */
  get second() {
    return this.state?.second || (this.state?.image === "sample-coffee" ? "sample-cat" : "sample-coffee");
  }

  updated() {
    const { state, network, layer, channel, second } = this;
    if (!state || !network || !this.near.here) return;
    const other = { ...state, image: second, crop: null };
    const asked = address(other, "prediction");
    const maps = `${asked} ${address(state, "activations", { layer, channel: String(channel) })}`;
    if (asked !== this.asked[0]) this.loadOther(other, network.classes);
    if (maps !== this.asked[1] && layer) this.loadMaps(state, other, layer, channel);
    this.asked = [asked, layer ? maps : ""];
  }

  render() {
    const { state, layer } = this;
    if (!state) return nothing;
    const [first, second] = this.maps?.pair ?? [null, null];
    return html`<div class="study-beside">
      <div class="stack">
        <div class="triple two-photos">
          ${this.photo(this.pixels, this.prediction, t("First photo"))}${this.photo(this.other?.pixels ?? null, this.other?.prediction ?? null, t("Second photo"))}
        </div>
        <h3>${this.maps?.of ?? t("{layer}, map {map}", { layer, map: this.channel })}</h3>
        <lente-feature-triple
          .first=${first}
          .second=${second}
          .cell=${this.cell}
          .names=${[t("First photo"), t("Second photo"), t("Second less first")]}
        ></lente-feature-triple>
        ${notice(this.fault)}
      </div>
      <div class="stack" data-hideable="second">
        <p>
          ${t("The same kernels look at both. Where the difference is orange they find more of what they look for in the second photo; where it is blue, in the first.")}
        </p>
        <div class="source-samples second-samples" role="group" aria-label=${t("Second photo")}>
          ${this.samples.map(({ id, title = "" }, i) => html`<button type="button" class="source-sample" data-second=${id} aria-pressed=${id === this.second} aria-label=${title} title=${title} @click=${() => this.choose({ second: id })}><span class="sample-picture" style=${styleMap(thumbnailStyle(i, this.samples.length))}></span></button>`)}
        </div>
        <div class="row">
          <label class="button"
            >${t("Open a second photo")}<input
              class="visually-hidden"
              type="file"
              accept="image/*"
              data-field="second"
              @change=${this.onFile}
          /></label>
          <button
            type="button"
            data-do="exchange"
            @click=${() => this.choose({ image: this.second, second: state.image, crop: null })}
          >
            ${t("Exchange them")}
          </button>
          ${this.busy ? html`<span class="small">${t("Sending the picture…")}</span>` : nothing}
        </div>
      </div>
    </div>`;
  }

  /** @param {Tensor | null} pixels @param {Prediction | null} prediction @param {string} name */
  photo(pixels, prediction, name) {
    const grey = pixels?.shape[0] === 1;
    const tensor = pixels && grey ? subTensor(pixels, [0]) : pixels;
    const { name: said = "", probability = 0 } = prediction?.classes[0] ?? {};
    const percent = formatNumber(100 * probability, 1);
    const words = prediction?.unsure
      ? t("unsure: {name}, {percent} %", { name: said, percent })
      : t("{name}, {percent} %", { name: said, percent });
    return html`<figure>
      <div class="triple-map">
        <lente-map
          .tensor=${tensor}
          .range=${grey ? { low: 0, high: 1 } : null}
          map=${grey ? "grey" : "auto"}
          still
          label=${name}
        ></lente-map>
      </div>
      <figcaption class="two-says" data-unsure=${prediction?.unsure ?? nothing}>${prediction ? words : ""}</figcaption>
    </figure>`;
  }

  /** @param {Event} event */
  async onFile(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    field.value = "";
    if (!file) return;
    this.busy = true;
    try {
      const { id } = await uploadPicture((await fitted(file)).file);
      this.fault = "";
      this.choose({ second: id });
    } catch (error) {
      this.fault = /** @type {Error} */ (error).message;
    }
    this.busy = false;
  }

  /** @param {Partial<FeaturesState>} detail */
  choose(detail) {
    this.emit("choose", detail);
  }
}

customElements.define("lente-feature-two", LenteFeatureTwo);
