import { html, nothing } from "vendor/lit";
import { LenteElement } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { newest } from "../shared/newest.js";
import { makerOf } from "./wiring.js";
import { fetchClasses } from "./server.js";
import "./lente-feature-carriers.js";
import "./lente-feature-export.js";
import "./lente-feature-surgery.js";
import "./lente-feature-two.js";
import "./lente-feature-why.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("./server.js").Layer} Layer
 */

/**
 * What one can ask of the network beyond its maps: why, what if, which maps, another photo, and to take it away. Rendered in
 * the page.
 *
 * @fires choose - part of the page's state
 * @fires carrier - the number of a map
 * @fires cell - the cell under the cursor, see lente-map
 */
export class LenteFeatureStudies extends LenteElement {
  static properties = {
    state: { attribute: false },
    network: { attribute: false },
    layers: { attribute: false },
    layer: { type: String },
    channel: { type: Number },
    cell: { attribute: false },
    range: { attribute: false },
    pixels: { attribute: false },
    prediction: { attribute: false },
    classes: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** @type {import("./server.js").Network | null} */ this.network = null;
    /** @type {Layer[]} */ this.layers = [];
    this.layer = "";
    this.channel = 0;
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell = null;
    /** @type {{low: number, high: number} | null} */ this.range = null;
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.pixels = null;
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** Every class, the most likely first. @type {import("./server.js").ClassShare[]} */ this.classes = [];
    this.load = newest(
      (/** @type {FeaturesState} */ state) => fetchClasses(state),
      ({ classes }) => (this.classes = classes),
      () => (this.classes = this.prediction?.classes ?? []),
    );
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("prediction") && this.prediction && this.state) this.load(this.state);
  }

  render() {
    const { state, network, channel, cell } = this;
    if (!state || !network) return nothing;
    const layer = this.layers.find(({ name }) => name === this.layer) ?? null;
    const maker = makerOf(this.layers, this.layer) ?? null;
    const answers = network.classes > 0;
    return html`${
        answers
          ? html`<section class="idea" data-hideable="why">
              <h2>${t("Why this answer")}</h2>
              <lente-feature-why
                .state=${state}
                .network=${network}
                .pixels=${this.pixels}
                .classes=${this.classes}
              ></lente-feature-why>
            </section>`
          : nothing
      }
      <section class="idea" data-hideable="surgery">
        <h2>${t("Change the network, and see what follows")}</h2>
        <lente-feature-surgery
          .state=${state}
          .layer=${layer}
          .maker=${maker}
          channel=${channel}
          .cell=${cell}
          .answers=${answers}
        ></lente-feature-surgery>
      </section>
      ${
        answers
          ? html`<section class="idea" data-hideable="carriers">
              <h2>${t("Which maps carry the class")}</h2>
              <lente-feature-carriers
                .state=${state}
                .layer=${layer}
                channel=${channel}
                .classes=${this.classes}
              ></lente-feature-carriers>
            </section>`
          : nothing
      }
      <section class="idea" data-hideable="second">
        <h2>${t("Two photos through one network")}</h2>
        <lente-feature-two
          .state=${state}
          .network=${network}
          layer=${this.layer}
          channel=${channel}
          .cell=${cell}
          .pixels=${this.pixels}
          .prediction=${this.prediction}
        ></lente-feature-two>
      </section>
      <section class="idea" data-hideable="export">
        <h2>${t("Take it with you")}</h2>
        <lente-feature-export
          .state=${state}
          layer=${this.layer}
          channel=${channel}
          .range=${this.range}
        ></lente-feature-export>
      </section>`;
  }
}

customElements.define("lente-feature-studies", LenteFeatureStudies);
