import { html, nothing } from "vendor/lit";
import { LenteElement, notice } from "../frame/element.js";
import { t } from "../frame/i18n.js";
import { newest } from "../shared/newest.js";
import { makerOf } from "./wiring.js";
import { fetchClasses } from "./server.js";
import "./lente-feature-blame.js";
import "./lente-feature-carriers.js";
import "./lente-feature-export.js";
import "./lente-feature-graph.js";
import "./lente-feature-kernels.js";
import "./lente-feature-curves.js";
import "./lente-feature-nudge.js";
import "./lente-feature-reliability.js";
import "./lente-feature-seeks.js";
import "./lente-feature-surgery.js";
import "./lente-feature-two.js";
import "./lente-feature-why.js";

/**
 * @typedef {import("./state.js").FeaturesState} FeaturesState
 * @typedef {import("./server.js").Layer} Layer
 */

/** So many classes are listed; of more the likeliest are enough until one is searched for. */
const FEW = 20;

/**
 * What one can ask of the network beyond its maps: why, and what if. To go further: its wiring, its kernels, which maps carry a
 * class, another photo, and to take it away. Rendered in the page.
 *
 * @fires layer - the name of a layer
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
    chosen: { type: String },
    channel: { type: Number },
    cell: { attribute: false },
    place: { attribute: false },
    range: { attribute: false },
    pixels: { attribute: false },
    prediction: { attribute: false },
    networks: { attribute: false },
    fault: { attribute: false },
    classes: { state: true },
    searched: { state: true },
  };

  constructor() {
    super();
    /** @type {FeaturesState | null} */ this.state = null;
    /** @type {import("./server.js").Network | null} */ this.network = null;
    /** @type {Layer[]} */ this.layers = [];
    /** The layer whose maps are shown. */ this.layer = "";
    /** The layer that was asked for; its maps may be on their way. */ this.chosen = "";
    this.channel = 0;
    /** @type {import("../shared/ui/lente-map.js").Cell | null} */ this.cell = null;
    /** The unit that is pinned. @type {import("../shared/units.js").Place | null} */ this.place = null;
    /** @type {{low: number, high: number} | null} */ this.range = null;
    /** @type {import("../shared/safetensors.js").Tensor | null} */ this.pixels = null;
    /** @type {import("./server.js").Prediction | null} */ this.prediction = null;
    /** Those that one can choose from. @type {import("./server.js").Network[]} */ this.networks = [];
    /** Why there are no maps to study. */ this.fault = "";
    /** The most likely first: every class once one is searched for. @type {import("./server.js").ClassShare[]} */ this.classes =
      [];
    /** Whether a class was searched for. */ this.searched = false;
    /** The answer for which every class was asked for. @type {import("./server.js").Prediction | null} */ this.all =
      null;
    this.load = newest(
      (/** @type {FeaturesState} */ state) => fetchClasses(state),
      ({ classes }) => (this.classes = classes),
      () => (this.classes = this.prediction?.classes ?? []),
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.addEventListener("focusin", ({ target }) => {
      if (target instanceof Element && target.matches("[role=combobox]")) this.searched = true;
    });
  }

  /** Whether more classes are wanted than the likeliest, which come with the answer. */
  get wantsAll() {
    const { network, state, prediction, layers, layer } = this;
    const names = layers.find(({ name }) => name === layer)?.shape.length === 1;
    const unnamed = state?.target != null && !prediction?.classes.some(({ index }) => index === state.target);
    return this.searched || names || unnamed || (network?.classes ?? 0) <= FEW;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const { prediction, state } = this;
    if (changed.has("prediction")) [this.all, this.classes] = [null, prediction?.classes ?? this.classes];
    if (!prediction || !state || this.all === prediction || !this.wantsAll) return;
    this.all = prediction;
    this.load(state);
  }

  render() {
    const { state, network, channel, cell } = this;
    if (!state || !network) return nothing;
    const layer = this.layers.find(({ name }) => name === this.layer) ?? null;
    const maker = makerOf(this.layers, this.layer) ?? null;
    const answers = network.classes > 0;
    return html`${this.seeks(state, layer)}${this.why(state, layer)}${this.reliability(state)}
      <section class="idea" id="surgery" data-hideable="surgery">
        <h2>${t("Change the network, and see what follows")}</h2>
        ${
          this.fault
            ? notice(this.fault)
            : html`<lente-feature-surgery
                .state=${state}
                .layer=${layer}
                .maker=${maker}
                channel=${channel}
                .cell=${cell}
                .answers=${answers}
              ></lente-feature-surgery>`
        }
      </section>
      <section class="further" aria-labelledby="further">
        <p class="further-name" id="further">${t("To go further")}</p>
        ${answers && network.input[0] === 3 ? this.nudge(state) : nothing}${this.wiring()}${this.kernels(maker)}${answers ? this.blame(state, maker) : nothing}${answers ? this.carriers(state, layer) : nothing}${this.two(state)}
        <section class="idea" id="export" data-hideable="export">
          <h2>${t("Take it with you")}</h2>
          ${
            this.fault
              ? notice(this.fault)
              : html`<lente-feature-export
                  .state=${state}
                  layer=${this.layer}
                  channel=${channel}
                  .range=${this.range}
                ></lente-feature-export>`
          }
        </section>
      </section>`;
  }

  /** @param {FeaturesState} state @param {Layer | null} layer */
  seeks(state, layer) {
    return html`<section class="idea" id="seeks" data-hideable="seeks">
      <h2>${t("What does it look for?")}</h2>
      ${
        this.fault
          ? notice(this.fault)
          : html`<lente-feature-seeks
              .state=${state}
              .layer=${layer}
              channel=${this.channel}
              .classes=${this.classes}
              known=${this.network?.classes ?? 0}
              .layers=${this.layers}
            ></lente-feature-seeks>`
      }
    </section>`;
  }

  /** @param {FeaturesState} state @param {Layer | null} layer */
  why(state, layer) {
    const answers = (this.network?.classes ?? 0) > 0;
    return html`<section class="idea" id="why" data-hideable="why">
      <h2>${t("Why this answer")}</h2>
      ${
        this.fault
          ? notice(this.fault)
          : html`<lente-feature-why
                .state=${state}
                .network=${this.network}
                .pixels=${this.pixels}
                .classes=${this.classes}
                .layer=${layer}
                .place=${this.place}
              ></lente-feature-why>
              ${answers && !state.about ? html`<lente-feature-curves .state=${state}></lente-feature-curves>` : nothing}`
      }
    </section>`;
  }

  /** How much its percentages can be believed, where that was measured. @param {FeaturesState} state */
  reliability(state) {
    const measured = this.network?.reliability ?? {};
    if (!("count" in measured)) return nothing;
    return html`<section class="idea" id="reliability" data-hideable="reliability">
      <h2>${t("Can its percentages be believed?")}</h2>
      <lente-feature-reliability
        class="exhibit"
        .reliability=${measured}
        .network=${this.network}
        .prediction=${this.prediction}
        ?changed=${state.muted.length + state.edits.length > 0 || state.normalisation !== null}
      ></lente-feature-reliability>
    </section>`;
  }

  /** @param {FeaturesState} state */
  nudge(state) {
    return html`<section class="idea" id="nudge" data-hideable="nudge">
      <h2>${t("The smallest nudge that turns the answer")}</h2>
      ${this.fault ? notice(this.fault) : html`<lente-feature-nudge .state=${state} .networks=${this.networks}></lente-feature-nudge>`}
    </section>`;
  }

  wiring() {
    return html`<section class="idea features-graph" id="graph" data-hideable="graph">
      <h2>${t("How it is wired")}</h2>
      <p>
        ${t("Each box is a layer: the more pixels a side its maps have, the higher it is, and the more maps, the wider; every doubling adds as much (a logarithmic scale). Filled ones have learnt weights. Choose one to look at it; stacked boxes are blocks that unfold.")}
      </p>
      <lente-feature-graph .layers=${this.layers} selected=${this.chosen}></lente-feature-graph>
    </section>`;
  }

  /** @param {Layer | null} maker */
  kernels(maker) {
    return html`<section class="idea features-kernel" id="kernels" data-hideable="kernels">
      <h2>${t("Its kernel")}</h2>
      ${
        this.fault
          ? notice(this.fault)
          : html`<lente-feature-kernels
              network=${this.network?.name ?? ""}
              layer=${maker?.kernels[0] ?? ""}
              channel=${this.channel}
              ?fromPicture=${maker?.inputs[0] === "input"}
            ></lente-feature-kernels>`
      }
    </section>`;
  }

  /** @param {FeaturesState} state @param {Layer | null} maker */
  blame(state, maker) {
    return html`<section class="idea" id="blame" data-hideable="blame">
      <h2>${t("What comes back in training")}</h2>
      ${
        this.fault
          ? notice(this.fault)
          : html`<lente-feature-blame
              .state=${state}
              layer=${maker?.name ?? ""}
              channel=${this.channel}
              .classes=${this.classes}
              ?partial=${this.classes.length < (this.network?.classes ?? 0)}
              @unnamed=${() => (this.searched = true)}
            ></lente-feature-blame>`
      }
    </section>`;
  }

  /** @param {FeaturesState} state @param {Layer | null} layer */
  carriers(state, layer) {
    return html`<section class="idea" id="carriers" data-hideable="carriers">
      <h2>${t("Which maps carry the class")}</h2>
      ${
        this.fault
          ? notice(this.fault)
          : html`<lente-feature-carriers
              .state=${state}
              .layer=${layer}
              channel=${this.channel}
              .classes=${this.classes}
            ></lente-feature-carriers>`
      }
    </section>`;
  }

  /** @param {FeaturesState} state */
  two(state) {
    return html`<section class="idea" id="second" data-hideable="second">
      <h2>${t("Two photos through one network")}</h2>
      ${
        this.fault
          ? notice(this.fault)
          : html`<lente-feature-two
              .state=${state}
              .network=${this.network}
              layer=${this.layer}
              channel=${this.channel}
              .cell=${this.cell}
              .pixels=${this.pixels}
              .prediction=${this.prediction}
            ></lente-feature-two>`
      }
    </section>`;
  }
}

customElements.define("lente-feature-studies", LenteFeatureStudies);
